"""Learning: One network in Keras and in PyTorch

One idea: stack layers, compile, fit, predict, take the largest; the steps are the same in every library.
"""

import streamlit as st

from core.errors import CoreError
from core.learning.workflow import KERAS_METHODS, keras_layer, script, steps, torch_layer
from core.nets.build import code
from core.nets.export import keras_summary
from core.nets.pasted.read import read
from core.nets.trace import trace
from pages._kit import lab
from pages._kit.scrolling import scrolling
from pages._parts.workflow import figures

START = """model = Sequential()
model.add(Conv2D(6, 5, activation="relu", padding="same", input_shape=(28, 28, 1)))
model.add(MaxPooling2D(2))
model.add(Conv2D(16, 5, activation="relu"))
model.add(MaxPooling2D(2))
model.add(Flatten())
model.add(Dense(84, activation="relu"))
model.add(Dropout(0.5))
model.add(Dense(10, activation="softmax"))"""
RATES = (0.0001, 0.001, 0.01, 0.1)

lab.opening(
    __doc__,
    predict='Take padding="same" out of the first layer. How long is the vector behind Flatten then? It is 400 now.',
)
controls, stage = lab.columns()
with controls:
    text = st.text_area("Your code", START, height=300, max_chars=5_000, key="code_text", bind="query-params")
    st.caption("Sequential of Keras or nn.Sequential of PyTorch. It is read and never run. Press Ctrl and Enter.")
    method = st.selectbox("Optimiser", list(KERAS_METHODS), 2, key="method", bind="query-params")
    rate = float(st.select_slider("Rate", RATES, 0.001, key="rate", bind="query-params"))
    epochs = st.slider("Epochs", 1, 50, 3, key="epochs", bind="query-params")
    batch = st.select_slider("Batch", (16, 32, 64, 128, 256, 512), 64, key="batch", bind="query-params")
try:
    traced = trace(read(text))
    told = steps(traced, method=method, rate=rate, epochs=epochs, batch=int(batch))
    table = figures.pairs(traced)
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()
with stage:
    st.markdown(f"**{len(traced.rows)}** layers, **{traced.parameters:,}** parameters.")
    st.caption("A box is as high as its maps, and as wide as there are many of them.")
    alt = "; ".join(f"{row.name} hands on {row.shape}" for row in traced.rows)
    lab.chart(figures.volumes(traced), key="volumes", quick=True, alt=f"Boxes for what every layer hands on. {alt}.")
st.markdown("## Layer by layer")
st.html(scrolling(table, label="Every layer in Keras and in PyTorch"))
st.caption("Keras: (samples, height, width, maps), and None where the number is open. PyTorch: maps before the sides.")
for step in told:
    st.markdown(f"## {step.name}")
    st.markdown(step.note)
    left, right = st.columns(2)
    with left:
        st.caption("Keras")
        st.code(step.keras, language="python", wrap_lines=True)
    with right:
        st.caption("PyTorch")
        st.code(step.torch, language="python", wrap_lines=True)

lab.closing(
    notice=[
        "A layer of Keras knows its input only once it stands in a network; a layer of PyTorch is told. In Keras one "
        "writes Dense(84), in PyTorch how many values come in as well.",
        "Both count the same parameters. Take a layer away, and all shapes behind it change; in PyTorch the numbers in "
        "the code must change with them.",
        "Behind Flatten the values stand in another order: in Keras all maps of one place come together, in PyTorch "
        "all places of one map. So the weights of the first dense layer cannot be carried over as they are.",
        "The softmax stands in the Keras model, and in PyTorch in the loss. With both, the scores pass through it "
        "twice, and the network learns slowly without an error message.",
        "The lecture validates with the test set. Keep a third part that nothing is chosen by.",
    ],
    shows=(steps, keras_layer, torch_layer),
    call=f"steps(trace(read(text)), method={method!r}, rate={rate:g}, epochs={epochs}, batch={batch})",
    answer="256. Without padding 28 becomes 24, then 12, 8 and 4: 16 maps of 4x4. With it 28, 14, 10 and 5: 16 of 5x5.",
    quiz=("Q37", "Q179"),
    prepares="ps1",
    exports={
        "model_keras.py": lambda: script(told, "keras"),
        "model_torch.py": lambda: script(told, "torch"),
        "summary.txt": lambda: keras_summary(traced),
        "module.py": lambda: code(traced),
    },
)
