"""The numbers of the reports, data/reported.toml: by notebook, typed, consistent in themselves."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[1] / "data" / "reported.toml"

NOTEBOOKS = """
01_faces/01_mtcnn_face_detection
01_faces/02_facenet_video_pipeline
01_faces/03_siamese_triplet_verification
01_faces/04_eigenfaces_olivetti
01_faces/05_face_recognition_grid_search
02_segmentation_pose/01_unet_pets
02_segmentation_pose/02_deeplabv3_chest_xray
02_segmentation_pose/03_hrnet_crowdpose
03_activity/01_har_conv1d
04_generative/01_gan_mnist
04_generative/02_vae_mnist
05_graph_kernels/01_digit_classification
05_graph_kernels/02_text_categorization
05_graph_kernels/03_sift_feature_graphs
06_graph_networks/01_gat_cora
06_graph_networks/02_gat_ppi
06_graph_networks/03_deepwalk_node2vec
06_graph_networks/04_graphsage_link_prediction
06_graph_networks/05_gae_link_prediction
06_graph_networks/06_stellargraph_link_prediction
06_graph_networks/07_mlp_vs_gcn
06_graph_networks/08_molecules_gcnn_esol
07_dominant_speaker/01_face_preprocessing
07_dominant_speaker/02_cnn_from_scratch
07_dominant_speaker/03_inceptionv3_transfer
07_dominant_speaker/04_embeddings_svc
07_dominant_speaker/05_filters_occlusion_saliency
07_dominant_speaker/06_inversion_style_dream
07_dominant_speaker/07_embedding_space
08_convnets_detection/01_resnet_signs
08_convnets_detection/02_transfer_learning
08_convnets_detection/03_classification_with_localization
08_convnets_detection/04_landmark_detection
08_convnets_detection/05_sliding_windows
08_convnets_detection/06_iou_nms_yolo
08_convnets_detection/07_instance_segmentation
09_deepfakes/01_simplenet
09_deepfakes/02_xception_synthetic
09_deepfakes/03_saliency_gradcam
09_deepfakes/04_compact_net
10_attributes_color/01_gender_recognition
10_attributes_color/02_bilinear_car_models
10_attributes_color/03_image_colorization
""".split()

# Units 01 to 06 come from one report, every later unit from its own.
REPORT_OF_UNIT = {"07": "001", "08": "002", "09": "003", "10": "004"}

METRIC_FIELDS = {
    "better",
    "setting",
    "reported",
    "goal",
    "exact",
    "test_items",
    "unit",
    "count",
    "tier",
    "seen",
    "where",
    "note",
}
PRINTED_FIELDS = {"reported", "unit", "where", "kind", "note"}
KINDS = {"setting", "shape", "console", "result"}
NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
NUMBER = r"-?\d+(\.\d+)?(e-?\d+)?"


@pytest.fixture(scope="module")
def reported() -> dict:
    """Return the parsed file."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def numbers(reported: dict) -> list[tuple[str, str, str, dict]]:
    """Return every number as (notebook, part, name, fields)."""
    return [
        (notebook, part, name, fields)
        for notebook, table in reported.items()
        for part in ("metrics", "printed")
        for name, fields in table[part].items()
    ]


def table_of(reported: dict, number: str) -> dict:
    """Return the table of the notebook with this number: "06/01"."""
    unit, notebook = number.split("/")
    (name,) = (n for n in reported if re.match(rf"{unit}_[a-z_]+/{notebook}_", n))
    return reported[name]


def is_number(value: object) -> bool:
    """Tell whether the value is a finite number; TOML's booleans are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def test_every_notebook_is_there_in_course_order(reported: dict) -> None:
    assert len(NOTEBOOKS) == 43
    assert list(reported) == NOTEBOOKS


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_table_of_a_notebook(reported: dict, notebook: str) -> None:
    table = reported[notebook]
    assert set(table) == {"report", "section", "figures", "metrics", "printed"}
    assert table["report"] == REPORT_OF_UNIT.get(notebook[:2], "000")
    assert isinstance(table["section"], str)
    assert table["section"].strip()
    assert all(isinstance(figure, str) and figure.strip() for figure in table["figures"])
    assert len(set(table["figures"])) == len(table["figures"])
    assert not set(table["metrics"]) & set(table["printed"]), "one name, one number"


def test_names_are_lower_snake_case(numbers: list) -> None:
    wrong = [name for *_, name, _ in numbers if not re.fullmatch(NAME, name)]
    assert wrong == []


def test_fields_are_known(numbers: list) -> None:
    allowed = {"metrics": METRIC_FIELDS, "printed": PRINTED_FIELDS}
    wrong = [
        (n, k, set(f) - allowed[p]) for n, p, k, f in numbers if not set(f) <= allowed[p] or not f
    ]
    assert wrong == []


def test_better_says_lower_and_only_where_no_goal_does(numbers: list) -> None:
    marked = [fields for *_, fields in numbers if "better" in fields]
    assert marked
    assert all(f["better"] == "lower" and "goal" not in f and "reported" in f for f in marked)


def test_reported_values_are_numbers_lists_or_short_words(numbers: list) -> None:
    def valid(value: object) -> bool:
        if isinstance(value, list):
            return bool(value) and all(is_number(item) for item in value)
        return is_number(value) or (isinstance(value, str) and 0 < len(value) <= 250)

    wrong = [
        (n, k, f["reported"])
        for n, _, k, f in numbers
        if "reported" in f and not valid(f["reported"])
    ]
    assert wrong == []


def test_metrics_are_numbers_never_words(numbers: list) -> None:
    wrong = [
        (n, k) for n, p, k, f in numbers if p == "metrics" and isinstance(f.get("reported"), str)
    ]
    assert wrong == []


def test_every_reported_number_says_where(numbers: list) -> None:
    wrong = [(n, k) for n, _, k, f in numbers if ("reported" in f) != ("where" in f)]
    assert wrong == []


def test_printed_numbers_have_a_value_and_a_kind(numbers: list) -> None:
    printed = [(n, k, f) for n, part, k, f in numbers if part == "printed"]
    assert [
        (n, k) for n, k, f in printed if "reported" not in f or f.get("kind") not in KINDS
    ] == []


def test_texts_are_texts(numbers: list) -> None:
    for notebook, _, name, fields in numbers:
        for field in {"unit", "where", "note"} & set(fields):
            assert isinstance(fields[field], str), (notebook, name, field)
            assert fields[field].strip() == fields[field] != "", (notebook, name, field)


def test_goals_parse(numbers: list) -> None:
    goals = {(n, k): f["goal"] for n, _, k, f in numbers if "goal" in f}
    assert goals, "no goal at all"
    assert {
        at: goal for at, goal in goals.items() if not re.fullmatch(rf"(>=|<=) {NUMBER}", goal)
    } == {}


def test_seen_stands_beside_a_goal_or_a_number(numbers: list) -> None:
    seen = [(n, k, f) for n, _, k, f in numbers if "seen" in f]
    assert [
        (n, k) for n, k, f in seen if not is_number(f["seen"]) or not {"goal", "reported"} & set(f)
    ] == []


def test_exact_is_true_and_has_a_whole_number(numbers: list) -> None:
    exact = [(n, k, f) for n, _, k, f in numbers if "exact" in f]
    assert [
        (n, k) for n, k, f in exact if f["exact"] is not True or type(f.get("reported")) is not int
    ] == []


def test_count_belongs_to_parameters(numbers: list) -> None:
    counted = {(n, k): f["count"] for n, _, k, f in numbers if "count" in f}
    assert set(counted.values()) == {"trainable", "total"}
    assert [at for at in counted if not at[1].endswith("parameters")] == []
    exact = {(n, k) for n, _, k, f in numbers if k.endswith("parameters") and f.get("exact")}
    assert exact == set(counted), "an exact parameter count says how it is counted"


def test_tier_is_sample(numbers: list) -> None:
    assert {f["tier"] for *_, f in numbers if "tier" in f} == {"sample"}


def test_no_path_of_a_machine() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert re.findall(r"mirror|/(?:work|root|tmp|home)/|[A-Z]:\\|\.\./", text) == []


# What each report prints, copied from it by hand.
@pytest.mark.parametrize(
    ("notebook", "part", "name", "value"),
    [
        ("01/01", "printed", "steps", 33),
        ("01/02", "metrics", "frames_per_second", 48.7),
        ("01/03", "metrics", "verification_accuracy", 0.8355),
        ("01/03", "printed", "best_validation_loss", 0.02929),
        ("01/04", "metrics", "macro_precision", 0.95),
        ("01/04", "printed", "components", 90),
        ("02/01", "printed", "download_bytes", 63219),
        ("02/02", "metrics", "memory_mib", 187.0849609375),
        ("02/02", "metrics", "seconds_per_image", 12.769865274429321),
        ("02/03", "metrics", "parameters", 28641962),
        ("02/03", "metrics", "multiply_adds", 47653584896),
        ("02/03", "printed", "learning_rate_steps", [200, 260]),
        ("03/01", "metrics", "test_accuracy", 0.9907246232032776),
        ("03/01", "metrics", "test_loss", 0.030187616124749184),
        ("03/01", "printed", "segments_shape", [92, 75, 26, 3]),
        ("04/01", "metrics", "generator_parameters", 12656257),
        ("04/02", "metrics", "loss_per_batch_of_16", 2458.309588),
        ("05/01", "metrics", "kernel_seconds", 37.890),
        ("05/01", "printed", "library_kernels", 16),
        ("05/02", "metrics", "vocabulary", 7186),
        ("05/03", "metrics", "pixel_graph_ms", 7.18),
        ("06/01", "printed", "epochs_run", 1301),
        ("06/01", "printed", "highest_degree_nodes", [1986, 1701, 306, 1358]),
        ("06/02", "metrics", "test_micro_f1", 0.9762566962831557),
        ("06/04", "metrics", "auc", 0.873445789627367),
        ("06/05", "metrics", "test_auc", 0.9119),
        ("06/06", "metrics", "test_loss", 0.8198),
        ("06/07", "printed", "gcn_train_loss", 0.30006),
        ("07/01", "printed", "test_frames", 3560),
        ("07/02", "metrics", "parameters", 2797990),
        ("07/02", "metrics", "test_accuracy_crops", [0.4817, 0.5078]),
        ("07/04", "metrics", "test_accuracy", [0.6196, 0.627]),
        ("08/01", "metrics", "parameters", 23600006),
        ("08/02", "printed", "coco_images", 328000),
        ("08/04", "printed", "face_outputs", 129),
        ("08/05", "printed", "largest_output", [8, 8, 4]),
        ("09/01", "metrics", "auc_first_score", 0.116),
        ("09/02", "printed", "inception_v3_parameters", 23626728),
        ("09/04", "metrics", "score", 2.89),
        ("10/01", "metrics", "part1_parameters", 1339874),
        ("10/01", "printed", "first_dense_parameters", 1180160),
        ("10/02", "metrics", "final_accuracy", 0.8023),
        ("10/03", "printed", "batch_size", 20),
    ],
)
def test_values_of_the_reports(
    reported: dict, notebook: str, part: str, name: str, value: object
) -> None:
    assert table_of(reported, notebook)[part][name]["reported"] == value


@pytest.mark.parametrize(
    ("notebook", "name", "goal"),
    [
        ("01/04", "best_macro_f1", ">= 0.97"),
        ("03/01", "best_test_loss", "<= 0.0302"),
        ("05/01", "kernel_speedup", ">= 20"),
        ("06/01", "best_test_accuracy", ">= 0.830"),
        ("08/05", "max_difference", "<= 1e-5"),
    ],
)
def test_goals_of_the_course(reported: dict, notebook: str, name: str, goal: str) -> None:
    assert table_of(reported, notebook)["metrics"][name]["goal"] == goal


@pytest.mark.parametrize("notebook", ["03/01", "07/02"])
def test_layer_tables_add_up(reported: dict, notebook: str) -> None:
    table = table_of(reported, notebook)
    metrics, printed = table["metrics"], table["printed"]
    layers = printed["layer_parameters"]["reported"]
    assert sum(layers) == metrics["parameters"]["reported"]
    assert len(layers) == len(printed["layer_names"]["reported"].split(", "))
    assert len(layers) == len(printed["layer_outputs"]["reported"].split(", "))


def test_numbers_of_one_report_agree(reported: dict) -> None:
    har = {k: f.get("reported") for k, f in table_of(reported, "03/01")["metrics"].items()}
    assert har["train_windows"] + har["test_windows"] == har["windows"] == 92 * 75
    net = {k: f.get("reported") for k, f in table_of(reported, "09/02")["metrics"].items()}
    assert net["xception_parameters"] + net["added_parameters"] == net["with_head_parameters"]
    names = table_of(reported, "01/05")["printed"]["sample_names"]["reported"]
    assert len(names.split(", ")) == 15


def test_score_of_the_compact_net_has_its_logarithm_floored(reported: dict) -> None:
    net = table_of(reported, "09/04")["metrics"]
    gain = 100 ** (10 * (net["auc"]["reported"] - 0.9))
    digits = math.log10(net["parameters"]["reported"])
    assert round(gain / (1 + math.floor(digits)), 2) == net["score"]["reported"]
    assert round(gain / (1 + digits), 2) == 2.61
    assert "2.61" in net["score"]["note"]


@pytest.mark.parametrize(
    ("notebook", "name", "finding"),
    [
        ("08/04", "face_outputs", "137"),
        ("10/01", "input_size", "100x100x3"),
        ("09/01", "auc_second_score", "rounding"),
        ("06/01", "test_accuracy", "0.822"),
        ("02/02", "memory_mib", "196,172,800"),
    ],
)
def test_contradictions_are_noted(reported: dict, notebook: str, name: str, finding: str) -> None:
    table = table_of(reported, notebook)
    assert finding in (table["metrics"] | table["printed"])[name]["note"]
