"""The train step: who learns when, and what is measured. The mathematics is in `gan.py`."""

from keras import ops

from ganprofile.backend import backend
from ganprofile.gan.measures import global_norm, logit_counts, mean_probability
from ganprofile.images import to_float


def train_step(gan, data):
    """k updates of the discriminator, then one of the generator.

    Returns:
        The measures of this step: both losses (the discriminator's averaged over its k updates and
        without the penalty), the mean probabilities and the logit histograms of its last update,
        both gradient norms; all of this replica's images only.
    """
    losses = []
    for batch in gan.minibatches(shown(data)):
        (loss, real_logits, fake_logits), discriminator_norm = update(
            gan, _discriminator_objective(gan, batch), gan.discriminator
        )
        losses.append(loss)
    generator_loss, generator_norm = update(gan, _generator_objective(gan, batch), gan.generator)
    gan.update_average()
    return {
        "discriminator_loss": ops.mean(ops.stack(losses)),
        "generator_loss": generator_loss,
        "probability_real": mean_probability(real_logits),
        "probability_fake": mean_probability(fake_logits),
        "discriminator_gradient_norm": discriminator_norm,
        "generator_gradient_norm": generator_norm,
        "real_logits": logit_counts(real_logits),
        "fake_logits": logit_counts(fake_logits),
    }


def shown(data):
    """The images of a step, where it is given the rows of columns that lie on the device.

    Args:
        data: what `pipeline.endless_batches` yields for a step, a dict.
    """
    if "rows" not in data:
        return data
    batch = {name: ops.take(v, data["rows"], axis=0) for name, v in data["columns"].items()}
    return {**batch, "images": to_float(batch["images"], ops.cast)}


def _discriminator_objective(gan, batch):
    fake_images = gan.draw(batch, training=True)

    def objective():
        real_logits, fake_logits = gan.judge(batch, fake_images)
        loss = gan.adversarial_loss.discriminator(real_logits, fake_logits)
        return loss + gan.penalty_term(batch), (loss, real_logits, fake_logits)

    return objective


def _generator_objective(gan, batch):
    def objective():
        loss = gan.generator_loss(batch)
        return loss, loss

    return objective


def update(gan, objective, network):
    """Let one network learn.

    Args:
        gan: an `AdversarialModel`.
        objective: a function of nothing that returns (what is minimised, what is measured).
        network: which of its networks.

    Returns:
        `(measured, norm)`: what the objective measured, and the norm of its gradients.
    """
    measured, gradients = backend().gradients(gan, objective, network)
    norm = global_norm(gradients)
    _, replicas = backend().replica()
    if replicas > 1:  # whose gradients Keras sums, while each objective is a mean
        gradients = [gradient / replicas for gradient in gradients]
    gan.optimizer_of(network).apply(gradients, network.trainable_variables)
    return measured, norm
