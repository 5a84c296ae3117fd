"""Where a training runs: devices of one machine, or several machines."""
