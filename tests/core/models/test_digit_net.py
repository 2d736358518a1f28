import numpy as np
import pytest
import torch

from core.data.digits import HELD_OUT, held_out_digits, specimen, training_digits
from core.errors import CoreError, LimitError
from core.models.digit_net import DIGIT_NET, linear_twin, train
from core.nets.build import build
from core.nets.trace import trace
from core.units.collapse import collapse, nonlinear
from core.units.forward import forward


@pytest.fixture(scope="module")
def digit_net():
    return train(epochs=6)


@pytest.fixture(scope="module")
def flat_net():
    return train(linear_twin(), epochs=6)


def test_splits_the_digits_once_and_for_all():
    learn, judge = training_digits(), held_out_digits()
    assert (len(learn.images), len(judge.images)) == (1797 - HELD_OUT, HELD_OUT)
    assert judge.labels[:8].tolist() == held_out_digits().labels[:8].tolist()
    assert (learn.images.min(), learn.images.max()) == (0, 1)
    together = np.concatenate([learn.images, judge.images]).reshape(1797, -1)
    assert len(np.unique(together, axis=0)) == 1797  # so no held-out image is learned from
    with pytest.raises(ValueError, match="read-only"):
        learn.images[0, 0, 0] = 1
    assert all((specimen(digit) == judge.images[judge.labels == digit][0]).all() for digit in range(10))
    with pytest.raises(CoreError, match="0 to 9"):
        specimen(10)


def test_train_reads_most_digits_it_never_saw(digit_net):
    assert digit_net.accuracy > 0.93
    assert digit_net.losses[-1] < digit_net.losses[0] / 5
    volumes = [digit_net.volumes(image) for image in held_out_digits().images]
    read = np.array([each[-1].argmax() for each in volumes])
    assert (read == held_out_digits().labels).mean() == pytest.approx(digit_net.accuracy)
    assert volumes[0][-1].sum() == pytest.approx(1)


def test_gives_the_same_weights_for_the_same_seed_and_touches_no_global_one():
    torch.manual_seed(7)
    before = torch.initial_seed(), torch.rand(1, generator=None).item()
    torch.manual_seed(7)
    first, second, other = train(epochs=1), train(epochs=1), train(epochs=1, seed=1)
    assert (torch.initial_seed(), torch.rand(1).item()) == before
    assert (first.weights["conv1"][0] == second.weights["conv1"][0]).all()
    assert (first.weights["conv1"][0] != other.weights["conv1"][0]).any()


def test_equals_the_module_of_its_table(digit_net):
    module = build(digit_net.traced).eval()
    flat = [each for name in ("conv1", "conv2", "dense1") for each in digit_net.weights[name]]
    for values, ours in zip(module.parameters(), flat, strict=True):
        values.data = torch.tensor(ours, dtype=torch.float32)
    images = held_out_digits().images[:20]
    theirs = module(torch.tensor(images, dtype=torch.float32)[:, None]).detach().numpy()
    ours = np.stack([digit_net.volumes(image)[-1] for image in images])
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_finds_features_on_an_image_of_any_size(digit_net):
    features = digit_net.features()
    image = np.zeros((1, 8, 8))
    assert [row.name for row in features.rows][-1] == "pool2"
    np.testing.assert_array_equal(forward(features, digit_net.weights, image)[-1], digit_net.volumes(image[0])[5])


def test_without_activations_is_a_linear_classifier_and_reads_fewer(digit_net, flat_net):
    traced = trace(linear_twin())
    assert nonlinear(traced) == []
    assert nonlinear(trace(DIGIT_NET)) == ["relu1", "pool1", "relu2", "pool2", "softmax1"]
    matrix, bias = collapse(flat_net.traced, flat_net.weights)
    assert matrix.shape == (10, 64)
    images, labels = held_out_digits().images, held_out_digits().labels
    scores = images.reshape(len(images), 64) @ matrix.T + bias
    np.testing.assert_allclose(scores[0], flat_net.volumes(images[0])[-1], atol=1e-9)
    assert (scores.argmax(axis=1) == labels).mean() == pytest.approx(flat_net.accuracy)
    assert flat_net.accuracy < digit_net.accuracy


def test_tells_how_far_it_is_and_can_be_stopped():
    told = []
    train(epochs=2, progress=lambda done, what: told.append((done, what)))
    assert [done for done, _ in told] == [0, 0.5, 1]
    assert "held-out" in told[-1][1]

    def stop(done, what):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(epochs=2, progress=stop)
    with pytest.raises(LimitError, match="100 epochs"):
        train(epochs=101)
