"""The findings that the README and the book's first page begin with."""

from __future__ import annotations

from typing import Any, NamedTuple

from tools.notebook.common import Notebook

# A finding: the notebook that found it, a picture of its full run, and words around its numbers.
FINDINGS = (
    (
        "03/01",
        "splits",
        "{test_accuracy:.1%} on windows, {test_accuracy_by_recording:.1%} on new recordings",
        "The report's network recognises activities almost without error as long as other windows "
        "of the same recording were in training. On recordings that it never met, two thresholds "
        "on the strength of the motion reach {threshold_accuracy_by_recording:.1%}.",
    ),
    (
        "06/07",
        "label_rate",
        "{mlp_test_accuracy:.0%} from its words, {gcn_test_accuracy:.0%} with its citations",
        "Two networks with the same weights and the same 140 labels name the topic of a paper; one "
        "averages over the papers that it cites or is cited by. With all 1,208 labels the one that "
        "reads alone still stays behind, at {mlp_test_accuracy_all_labels:.0%}.",
    ),
    (
        "01/05",
        "learning_curve",
        "{test_accuracy:.1%} by a grid search, {embedding_test_accuracy:.1%} by better features",
        "No search over settings finds what the pixels do not hold: the same classifier on vectors "
        "of a network that has seen other people names nearly everybody. One photograph of each "
        "person does more for those vectors than dozens do for pixels.",
    ),
)


class Highlight(NamedTuple):
    """A finding in words, with the numbers of its full run."""

    notebook: Notebook
    picture: str  # the name of a figure of the full run, without its ending
    title: str
    text: str


def told(notebooks: list[Notebook], full: dict[str, Any]) -> list[Highlight]:
    """Return the findings of those notebooks that are given, from the accepted full runs."""
    by_id, found = {n.id: n for n in notebooks}, []
    for number, picture, title, text in FINDINGS:
        if notebook := by_id.get(number):
            metrics = full[notebook.name]["metrics"].items()
            numbers = {name: mean(entry["value"]) for name, entry in metrics if "value" in entry}
            words = [percent(sentence.format(**numbers)) for sentence in (title, text)]
            found.append(Highlight(notebook, picture, *words))
    return found


def percent(text: str) -> str:
    """Return a sentence with a space, at which no line ends, before each sign of per cent."""
    return text.replace("%", "\N{NO-BREAK SPACE}%")


def mean(value: Any) -> Any:
    """Return a number as it is, and the mean of several."""
    return sum(value) / len(value) if isinstance(value, list) and value else value
