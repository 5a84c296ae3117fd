"""What a device can do at best."""

import jax

# Dense TFLOP/s by NVIDIA's data sheets, of the SXM form.
SXM = {"bfloat16": 989.0, "tf32": 495.0, "float32": 67.0}
PEAKS = {"NVIDIA H100 80GB HBM3": SXM, "NVIDIA H200": SXM}  # by what JAX calls the device
EXACT = ("float32", "highest")


def of_peak(operations_per_second, precision, given=None):
    """The share of the device's peak, and that peak; nothing for a device that is not known.

    Args:
        operations_per_second: floating-point operations.
        precision: a name in `settings.PRECISIONS`.
        given: TFLOP/s, in place of what is known of the device.
    """
    peak = given or PEAKS.get(jax.devices()[0].device_kind, {}).get(_unit(precision))
    if peak is None:
        return {}
    return {"peak_tflops": peak, "of_peak": operations_per_second / (peak * 1e12)}


def _unit(precision):
    """What multiplies: JAX lets a GPU multiply float32 in TF32 unless it is told otherwise."""
    if precision == "bfloat16":
        return precision
    return "float32" if jax.config.jax_default_matmul_precision in EXACT else "tf32"
