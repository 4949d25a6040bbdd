"""Keep what the scripts found in ``results/gpu.json``, and write its table into ``docs/full.md``.

``python benchmarks/gpu/table.py [FOLDER ...]``: with folders of `run.py`, the results are made of
their files first; trainings of a GAN may lie in several. Without, the table alone is written.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
RESULTS, PAGE = ROOT / "results" / "gpu.json", ROOT / "docs" / "full.md"
GAT, GAN = "06_graph_networks/01_gat_cora", "04_generative/01_gan_mnist"
LUNGS = "02_segmentation_pose/02_deeplabv3_chest_xray"
COLOURS, FACES = "10_attributes_color/03_image_colorization", "01_faces/02_facenet_video_pipeline"
TABLE = re.compile(r"(?<=^## On a GPU\n)(.*?\n\n)((?:\|.*\n)+)", re.DOTALL | re.MULTILINE)
Found = dict[str, list[dict[str, Any]]]


def read(folders: Iterable[Path]) -> Found:
    """Return what lies in the folders, by script."""
    found: Found = {}
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            found.setdefault(path.stem, []).append(json.loads(path.read_text(encoding="utf-8")))
    return found


def metric(values: Any, note: str, digits: int = 4) -> dict[str, Any]:
    """Return mean, standard deviation and number of values, rounded, as results keep them."""
    values = np.atleast_1d(np.asarray(values, float))
    found: dict[str, Any] = {"value": round(float(values.mean()), digits)}
    if len(values) > 1:
        found |= {"sd": round(float(values.std(ddof=1)), digits)}
    return found | {"n": len(values), "note": note}


def summary(found: Found) -> dict[str, Any]:
    """Return the file: the machine, and the metrics of each notebook."""
    machine = dict(found["gat_cora"][0]["machine"])
    machine["product_error"] = round(machine["product_error"], 6)
    machine.pop("peak_gb")
    return {
        "machine": machine,
        "notebooks": {
            GAT: of_gat(found["gat_cora"][0]),
            GAN: of_gan(found["gan_mnist"]),
            COLOURS: of_colours(found["colorization"][0]),
            LUNGS: of_lungs(found["chest_xray"][0]),
            FACES: of_faces(found["facenet"][0]),
        },
    }


def of_gat(one: dict[str, Any]) -> dict[str, Any]:
    """Return the metrics of 06/01."""
    column = {key: [run[key] for run in one["runs"]] for key in ("test", "validation", "seconds")}
    seconds = metric(column["seconds"], f"{one['epochs']} epochs, each with a validation pass")
    return {
        "parameters": {"value": 92373},
        "test_accuracy": metric(column["test"], f"weights after epoch {one['epochs']}"),
        "validation_accuracy": metric(column["validation"], "the same weights"),
        "training_seconds": seconds,
        "compile_seconds": metric(one["compile_seconds"], "before the clock", 1),
    }


def of_gan(several: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the metrics of 04/01, all at a base of 128; distances are to B."""
    runs = [run for one in several for run in one["runs"]]

    def distance(recipe: str, weights: str, note: str) -> dict[str, Any]:
        values = [np.mean(r[f"{weights} weights to B"]) for r in runs if r["recipe"] == recipe]
        return metric(values, f"{note}, {weights} weights", 2)

    plain, noise = "base 128, the report's rate", "base 128, noise, a rate of 1.6e-3"
    own, best = distance("report", "last", plain), distance("noise", "averaged", noise)
    step = metric(np.median([r["step_seconds"] for r in runs]), "128 digits, both turns")
    warm = [r["all_steps_seconds"] for r in runs if r["first_seconds"] < 1]
    scored = [r["seconds"] for r in runs if r["first_seconds"] < 1]
    return {
        "generator_parameters": {"value": 12656257},
        "discriminator_parameters": {"value": 11033985},
        "step_seconds": step,
        "training_seconds": metric(warm, "its 2,345 steps, where nothing was compiled", 1),
        "seconds_with_scores": metric(scored, "the same trainings with their distances", 1),
        "judge_accuracy": metric([one["judge"] for one in several], "a judge for each process"),
        "frechet_floor": metric([one["floor"] for one in several], "of each judge", 2),
        "frechet_distance_own_rate": own,
        "frechet_distance_own_rate_averaged": distance("report", "averaged", plain),
        "frechet_distance_noise": distance("noise", "last", noise),
        "best_frechet_distance": best,
        "frechet_ratio_best_to_own_rate": {"value": round(best["value"] / own["value"], 3)},
    }


def of_colours(one: dict[str, Any]) -> dict[str, Any]:
    """Return the metrics of 10/03 by the notebook's names."""
    note, found = f"full width, look by {one['look']}", {}
    for part, row in one["errors"].items():
        for name, value in row.items():
            label = "_".join(["report_ab_error", *name.split(), *part.split()])
            found[label] = {"value": round(value, 2), "note": note}
    for run in one["runs"]:
        what = f"{run['epochs']} epochs of 5 steps, beside 02/02 on the same card"
        found[f"training_seconds_at_{run['side']}"] = metric(run["seconds"], what, 1)
    return found


def of_lungs(one: dict[str, Any]) -> dict[str, Any]:
    """Return the metrics of 02/02, of its three networks."""
    names = {"fold": "", "without_decoder": "_without_decoder", "unet": "_unet"}
    found = {}
    for name, label in names.items():
        runs = [run for run in one["runs"] if run.get("network") == name]
        note = f"{runs[0]['epochs']} epochs, mean of {runs[0]['n']} test X-rays by fold"
        found[f"dice_plain{label}"] = metric([run["dice"] for run in runs], note)
        found[f"best_dice{label}"] = metric([r["best_dice"] for r in runs], note + ", as chosen")
        found[f"best_iou{label}"] = metric([r["best_iou"] for r in runs], note + ", as chosen")
    seconds = [run["seconds"] for run in one["runs"] if "network" in run and run["fold"]]
    found["training_seconds"] = metric(seconds, "of a network of the second and third fold", 1)
    return found


def of_faces(one: dict[str, Any]) -> dict[str, Any]:
    """Return the metrics of 01/02: FaceNet, whose weights are random."""
    found, note = {"facenet_parameters": {"value": 23482624}}, "random weights, median of 50"
    for run in sorted(one["runs"], key=lambda run: run["batch"]):
        name = f"facenet_ms_a_face_batch_{run['batch']}"
        found[name] = metric(run["ms_a_face"], f"{note}, pixels on the card", 3)
        found[f"{name}_from_crops"] = metric(
            run["ms_a_face_from_crops"], "random weights, median of 10, crops on the processor", 3
        )
    return found


def table(kept: dict[str, Any]) -> str:
    """Return the table of the page, in Markdown."""
    head = "| notebook | what ran | on the GPU | result there | the report | on a processor |\n"
    rows = ["|" + "---|" * 6]
    for name, *columns in ROWS:
        label = f"[{name[:2]}/{name.split('/')[1][:2]}](../notebooks/{name}.ipynb)"
        found = {key: told(value) for key, value in kept["notebooks"][name].items()}
        cells = [text.format_map(found) for text in columns]
        rows.append("| " + " | ".join([label, *cells]) + " |")
    return head + "\n".join(rows) + "\n"


def told(one: dict[str, Any]) -> str:
    """Return a metric as a page writes it."""
    value = one["value"]
    if isinstance(value, int):
        return f"{value:,}"
    digits = 3 if value < 1 else 2 if value < 20 else 1
    text = f"{value:.{digits}f}"
    return f"{text} ± {one['sd']:.{digits}f}" if "sd" in one else text


ROWS = (
    (
        GAT,
        "1301 epochs, each with a validation pass; five seeds",
        "{training_seconds} s a training",
        "test accuracy {test_accuracy}, validation {validation_accuracy}",
        "11.85 s on its GPU; 0.827 (and 0.822), 0.794",
        "25 s; 0.812 ± 0.007, 0.801 ± 0.008",
    ),
    (
        GAN,
        "`base=128`, 2,345 steps of 128; three seeds at the report's rate",
        "{step_seconds} s a step, {training_seconds} s a training",
        "Fréchet distance {frechet_distance_own_rate}; averaged weights "
        "{frechet_distance_own_rate_averaged}",
        "pictures and losses",
        "14 s a step, 9 h a training (computed); 35.6 at a base of 8",
    ),
    (
        GAN,
        "the same with the notebook's noise at eight times the rate; two seeds",
        "as above",
        "Fréchet distance {frechet_distance_noise}; averaged weights {best_frechet_distance}",
        "",
        "9.9 at a base of 8, averaged weights",
    ),
    (
        COLOURS,
        "`report=(1000, 1000)`: the ten photographs at 256x256, full width",
        "{training_seconds_at_256} s",
        "the ten {report_ab_error_1000_epochs_at_256_trained_on}, three new ones "
        "{report_ab_error_1000_epochs_at_256_left_out}; after 50 epochs "
        "{report_ab_error_50_epochs_at_256_trained_on} and "
        "{report_ab_error_50_epochs_at_256_left_out}",
        "pictures",
        "6.8 s a step, 9.4 h (computed); after 50 epochs 6.1 and 10.7",
    ),
    (
        COLOURS,
        "the same at 64x64",
        "{training_seconds_at_64} s",
        "the ten {report_ab_error_1000_epochs_at_64_trained_on}, three new ones "
        "{report_ab_error_1000_epochs_at_64_left_out}",
        "",
        "3.6 and 12.1",
    ),
    (
        LUNGS,
        "`OWN = 30`: three networks on three folds of real X-rays, but the last U-Net",
        "{training_seconds} s a training",
        "Dice as chosen {best_dice}; without decoder {best_dice_without_decoder}; "
        "U-Net {best_dice_unet} (two folds)",
        "one X-ray, no Dice",
        "2.6 h for all nine (computed); after three epochs 0.958 ± 0.003, U-Net 0.952 ± 0.005",
    ),
    (
        FACES,
        "FaceNet, random weights, 1, 32 and 256 faces at once",
        "{facenet_ms_a_face_batch_1}, {facenet_ms_a_face_batch_32} and "
        "{facenet_ms_a_face_batch_256} ms a face",
        "",
        "",
        "37 ms of processor time a face, five at once",
    ),
)


def main(folders: list[str]) -> None:
    """Write the results, where folders are given, and the table."""
    if folders:
        content = json.dumps(summary(read(map(Path, folders))), indent=1, ensure_ascii=False)
        RESULTS.write_text(content + "\n", encoding="utf-8")
    page, kept = PAGE.read_text(encoding="utf-8"), json.loads(RESULTS.read_text(encoding="utf-8"))
    page, count = TABLE.subn(lambda m: m[1] + table(kept), page, count=1)
    assert count == 1, f"{PAGE.name} has no table below `## On a GPU`"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
