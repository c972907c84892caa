"""The lecture's network on the 5,000-row table named on the command line, as plain as it gets."""

import sys

import keras
import pandas as pd
from keras import layers

table = pd.read_csv(sys.argv[1])
delay = "Arrival Delay in Minutes"
table[delay] = table[delay].fillna(table[delay].mean())
table["Class"] = table["Class"].map({"Eco": 0, "Eco Plus": 1, "Business": 2})
y = (table.pop("satisfaction") == "satisfied").astype(int).to_numpy()
X = pd.get_dummies(table).astype(float)
X = ((X - X.min()) / (X.max() - X.min())).to_numpy()
cut = len(X) * 4 // 5
model = keras.Sequential([keras.Input((25,))])
for units in (32, 64, 128, 64):
    model.add(layers.Dense(units, activation="relu"))
model.add(layers.Dropout(0.3))
model.add(layers.Dense(32, activation="relu"))
model.add(layers.Dropout(0.2))
model.add(layers.Dense(1, activation="sigmoid"))
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
stop = keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)
save = keras.callbacks.ModelCheckpoint(sys.argv[2], save_best_only=True)
model.fit(
    X[:cut],
    y[:cut],
    validation_data=(X[cut:], y[cut:]),
    epochs=100,
    batch_size=128,
    callbacks=[stop, save],
    verbose=0,
)
print(model.evaluate(X[cut:], y[cut:], verbose=0))
