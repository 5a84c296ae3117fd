"""How good drawn images are: pure functions of arrays, and the network whose features they compare.

The functions load NumPy only; `features` and `inception` load Keras.
"""
