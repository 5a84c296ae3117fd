"""The train step on TensorFlow: gradients and updates; the mathematics is in `gan.py`."""

import tensorflow as tf
from keras import ops

from ganprofile.adversarial.measures import global_norm, logit_counts, mean_probability


def train_step(gan, data):
    """k updates of the discriminator, then one of the generator.

    Returns:
        The measures of this step: both losses (the discriminator's averaged over its k updates and
        without the penalty), the mean probabilities and the logit histograms of its last update,
        both gradient norms.
    """
    losses = []
    for batch in gan.minibatches(data):
        fake_images = gan.draw(batch, training=True)
        with tf.GradientTape() as tape:
            real_logits, fake_logits = gan.judge(batch, fake_images)
            loss = gan.adversarial_loss.discriminator(real_logits, fake_logits)
            total = loss + gan.penalty_term(batch, _gradient_of)
        discriminator_gradients = _update(
            tape, total, gan.discriminator, gan.discriminator_optimizer
        )
        losses.append(loss)

    with tf.GradientTape() as tape:
        generator_loss = gan.generator_loss(batch)
    generator_gradients = _update(tape, generator_loss, gan.generator, gan.generator_optimizer)
    gan.update_average()
    return {
        "discriminator_loss": ops.mean(ops.stack(losses)),
        "generator_loss": generator_loss,
        "probability_real": mean_probability(real_logits),
        "probability_fake": mean_probability(fake_logits),
        "discriminator_gradient_norm": global_norm(discriminator_gradients),
        "generator_gradient_norm": global_norm(generator_gradients),
        "real_logits": logit_counts(real_logits),
        "fake_logits": logit_counts(fake_logits),
    }


def compiled_step(gan):
    """What `fit` calls with its iterator, for one replica and one step a call.

    Keras' own function hands every batch on through an `Optional` and reduces the measures over
    replicas, which costs a short step several per cent.
    """

    @tf.function
    def step(iterator):
        return gan.train_step(iterator.get_next())

    def function(iterator):
        try:
            return step(iterator)
        except tf.errors.OutOfRangeError:
            raise StopIteration from None

    return function


def _update(tape, loss, network, optimizer):
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
    return [tf.convert_to_tensor(gradient) for gradient in gradients]


def _gradient_of(function, images):
    with tf.GradientTape() as tape:
        tape.watch(images)
        value = function(images)
    return tape.gradient(value, images)
