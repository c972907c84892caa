"""The lecture's LSTM experiment in its own terms: 300 epochs of 7 single-row batches with fit(), then one prediction."""

import keras
import numpy as np
from keras import layers

series = np.arange(1.0, 11.0)
x = np.stack([series[i : i + 3] for i in range(7)]).reshape(7, 3, 1)
y = series[3:]

model = keras.Sequential(
    [
        keras.Input((3, 1)),
        layers.LSTM(128),
        layers.Dense(128, activation="relu"),
        layers.Dense(128, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(1),
    ]
)
model.compile(loss="mse", optimizer="adam")
model.fit(x, y, epochs=300, batch_size=1)
print("loss:", model.evaluate(x, y))
print("after 8, 9, 10:", model.predict(np.array([8.0, 9.0, 10.0]).reshape(1, 3, 1)))
