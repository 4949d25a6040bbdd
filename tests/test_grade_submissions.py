"""What was handed in: folders, zips of Moodle and Canvas, and what only looks like them."""

import io
import json
import os
import stat
import struct
import sys
import tracemalloc
import zipfile

import pytest
from grade_course import by_task, course, handed_in, job

from tools.notebook.common import Problem
from tools.notebook.tasks import tasks_among
from tools.teach.grade import store, submissions, uploads
from tools.teach.grade.submission import Refused, examine

KNOWN_TASKS = tasks_among(course().cells, "01_small/01_small")
KNOWN = [("06_graphs", "01_gat_cora"), ("06_graphs", "02_gat_ppi"), ("01_faces", "01_mtcnn")]


def collected(path):
    collection = submissions.collect(path, KNOWN)
    return {(f.student, f.unit, f.notebook): f for f in collection.found}, collection.left_out


def write(folder, *places, content=b"{}"):
    for place in places:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)


def zipped(path, *places, content=b"{}"):
    with zipfile.ZipFile(path, "w") as archive:
        for place in places:
            archive.writestr(place, content)
    return path


def packed(*members):
    """Return the bytes of a zip of (name, content) members."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return memory.getvalue()


def refusals(found):
    """Return why each file that was found is not read, by student."""
    told = {}
    for (student, _, _), item in found.items():
        with pytest.raises(Refused) as error:
            item.load()
        told[student] = str(error.value)
    return told


# ------------------------------------------------------------------ whose, and which


def test_folder_of_students(tmp_path):
    write(
        tmp_path,
        "ada/06_graphs/01_gat_cora.ipynb",
        "ada/06_graphs/02_gat_ppi.ipynb",
        "bob/01_faces/01_mtcnn.ipynb",
        "bob/01_faces/.ipynb_checkpoints/01_mtcnn-checkpoint.ipynb",
        "bob/notes.txt",
        "bob/06_graphs/07_other.ipynb",
    )
    found, left = collected(tmp_path)
    assert set(found) == {
        ("ada", "06_graphs", "01_gat_cora"),
        ("ada", "06_graphs", "02_gat_ppi"),
        ("bob", "01_faces", "01_mtcnn"),
    }
    assert found["ada", "06_graphs", "01_gat_cora"].load() == b"{}"
    assert left == [
        "bob/06_graphs/07_other.ipynb: no notebook of this course by its name",
        "bob/notes.txt: no notebook",
    ]


@pytest.mark.parametrize(
    ("place", "student", "notebook"),
    [
        ("Ada Love_123_assignsubmission_file_/01_gat_cora.ipynb", "Ada Love_123", "01_gat_cora"),
        ("Ada Love_123_assignsubmission_file_01_gat_cora.ipynb", "Ada Love_123", "01_gat_cora"),
        ("loveada_77_991_01_gat_cora.ipynb", "loveada_77", "01_gat_cora"),
        ("loveada_LATE_77_991_01_gat_cora-2.ipynb", "loveada_77", "01_gat_cora"),
        ("loveada_77_991_01_gat_cora (1).ipynb", "loveada_77", "01_gat_cora"),
        ("ada/01_mtcnn.ipynb", "ada", "01_mtcnn"),
        ("ada_love_06_graphs/06_graphs/01_gat_cora.ipynb", "ada_love", "01_gat_cora"),
        ("ada_love_06_graphs (1)/06_graphs/01_gat_cora.ipynb", "ada_love", "01_gat_cora"),
        ("../../ada/06_graphs/01_gat_cora.ipynb", "ada", "01_gat_cora"),
        ("/ada/06_graphs/01_gat_cora.ipynb", "ada", "01_gat_cora"),
    ],
)
def test_places_in_zips_of_moodle_and_canvas(tmp_path, place, student, notebook):
    found, _ = collected(zipped(tmp_path / "all.zip", place))
    assert [(s, n) for s, _, n in found] == [(student, notebook)]
    assert sorted(os.listdir(tmp_path)) == ["all.zip"]  # nothing is unpacked


def test_packed_units_within_a_zip_are_read(tmp_path):
    names = ("01_gat_cora", "02_gat_ppi")
    inner = packed(*((f"06_graphs/{n}.ipynb", f'{{"a": {i}}}') for i, n in enumerate(names, 1)))
    ada = "Ada L_1_assignsubmission_file_/06_graphs.zip"
    places = (ada, "bobby_5_12_06_graphs.zip", "carl/06_graphs.zip")
    found, _ = collected(zipped(tmp_path / "all.zip", *places, content=inner))
    assert {s for s, _, _ in found} == {"Ada L_1", "bobby_5", "carl"} and len(found) == 6
    assert found["bobby_5", "06_graphs", "02_gat_ppi"].load() == b'{"a": 2}'
    write(tmp_path / "folder", "dora/06_graphs.zip", content=inner)
    found, _ = collected(tmp_path / "folder")
    assert found["dora", "06_graphs", "01_gat_cora"].load() == b'{"a": 1}'


def test_second_upload_counts_and_the_first_is_named(tmp_path):
    places = ("love_7_1_01_mtcnn.ipynb", "love_7_2_01_mtcnn-1.ipynb", "love_7_3_01_mtcnn-10.ipynb")
    found, left = collected(zipped(tmp_path / "all.zip", *places))
    assert found["love_7", "01_faces", "01_mtcnn"].place == places[2]
    assert [line.partition(":")[0] for line in left] == list(places[:2])


SAME = [("06_graphs", "01_start"), ("03_activity", "01_start"), ("03_activity", "02_more")]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("ada/06_graphs/01_start.ipynb", ("ada", "06_graphs")),
        ("ada/03_activity/01_start.ipynb", ("ada", "03_activity")),
        ("ada/03_activity/old/06_graphs/01_start.ipynb", ("ada", "06_graphs")),
        ("Ada L_1_assignsubmission_file_/06_graphs (1)/01_start.ipynb", ("Ada L_1", "06_graphs")),
    ],
)
def test_equal_names_in_two_units_are_told_apart_by_their_folder(tmp_path, place, expected):
    collection = submissions.collect(zipped(tmp_path / "all.zip", place), SAME)
    (found,) = collection.found
    assert ((found.student, found.unit), found.notebook) == (expected, "01_start")


def test_one_student_hands_in_both_and_neither_counts_as_a_second_upload(tmp_path):
    write(tmp_path, "ada/06_graphs/01_start.ipynb", content=b"graphs")
    write(tmp_path, "ada/03_activity/01_start.ipynb", content=b"activity")
    collection = submissions.collect(tmp_path, SAME)
    assert {(f.unit, f.load()) for f in collection.found} == {
        ("06_graphs", b"graphs"),
        ("03_activity", b"activity"),
    }
    assert collection.left_out == []


def test_packed_units_tell_equal_names_apart_by_the_zip_s_own_name(tmp_path):
    places = ("love_7_12_06_graphs-2.zip", "love_7_13_03_activity.zip", "bob/03_activity.zip")
    inner = packed(("01_start.ipynb", b"{}"))
    path = zipped(tmp_path / "all.zip", *places, content=inner)
    found = submissions.collect(path, SAME).found
    assert [(f.student, f.unit) for f in found] == [
        ("bob", "03_activity"),
        ("love_7", "03_activity"),
        ("love_7", "06_graphs"),
    ]


def test_equal_names_that_no_folder_tells_apart_are_left_out_with_the_reason(tmp_path):
    path = zipped(tmp_path / "all.zip", "ada/01_start.ipynb", "ada/02_more.ipynb")
    collection = submissions.collect(path, SAME)
    assert [f.notebook for f in collection.found] == ["02_more"]
    assert collection.left_out == [
        "ada/01_start.ipynb: 06_graphs and 03_activity have one of this name, "
        "and no folder says which it is"
    ]


def test_a_unit_s_folder_is_no_student_whatever_units_are_called(tmp_path):
    write(tmp_path, "week one/start.ipynb", "ada/week one/start.ipynb")
    collection = submissions.collect(tmp_path, [("week one", "start")])
    assert [f.student for f in collection.found] == ["ada"]
    assert collection.left_out == [
        "week one/start.ipynb: whose it is cannot be told from its place"
    ]


def test_of_two_packed_units_the_later_counts(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (("7_12_06_graphs", b"1"), ("7_13_06_graphs-1", b"2")):
            inner = packed(("06_graphs/01_gat_cora.ipynb", content))
            archive.writestr(f"love_{name}.zip", inner)
    found, left = collected(path)
    assert found["love_7", "06_graphs", "01_gat_cora"].load() == b"2"
    assert len(left) == 1 and "love_7 handed in 06_graphs/01_gat_cora again" in left[0]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_odd_names_become_text(tmp_path):
    write(tmp_path, "plain/01_mtcnn.ipynb")
    os.mkdir(os.fsencode(tmp_path) + b"/bad\xff\nname")
    with open(os.fsencode(tmp_path) + b"/bad\xff\nname/01_mtcnn.ipynb", "wb") as file:
        file.write(b"{}")
    found, _ = collected(tmp_path)
    students = {s for s, _, _ in found}
    assert students == {"plain", "bad\\udcff\\x0aname"}
    for student in students:
        student.encode("utf-8")


def test_place_without_submissions_says_what_is_expected(tmp_path):
    write(tmp_path, "06_graphs/01_gat_cora.ipynb")
    with pytest.raises(Problem, match="whose it is cannot be told"):
        collected(tmp_path)
    with pytest.raises(Problem, match="there is no folder or zip"):
        collected(tmp_path / "nowhere")
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(Problem, match="is no zip that can be read"):
        collected(tmp_path / "no.zip")


# ------------------------------------------------------------------ what is not read


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_links_pipes_and_large_files_are_refused(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("secret")
    folder = tmp_path / "in"
    write(folder, "ada/01_mtcnn.ipynb", "bob/01_mtcnn.ipynb", "carl/01_mtcnn.ipynb")
    (folder / "ada/01_mtcnn.ipynb").unlink()
    (folder / "ada/01_mtcnn.ipynb").symlink_to(secret)
    (folder / "bob/01_mtcnn.ipynb").unlink()
    os.mkfifo(folder / "bob/01_mtcnn.ipynb")
    with open(folder / "carl/01_mtcnn.ipynb", "wb") as file:
        file.truncate(300_000_000)
    (folder / "dora").symlink_to(tmp_path)
    found, left = collected(folder)
    assert refusals(found) == {
        "ada": "the file is a symbolic link",
        "bob": "the file is no plain file",
        "carl": "the file is larger than 25 MB",
    }
    assert left == ["dora: no notebook"]


@pytest.fixture
def as_on_windows(monkeypatch):
    """Take away what Windows has not, though grading's tests run there and marks are merged."""
    for name in ("O_NOFOLLOW", "O_NONBLOCK"):
        monkeypatch.delattr(os, name, raising=False)


def test_files_are_read_where_the_system_cannot_refuse_links(tmp_path, as_on_windows):
    write(tmp_path, "ada/01_mtcnn.ipynb", content=b"{}\r\n\x1a{}")
    found, _ = collected(tmp_path)
    assert found["ada", "01_faces", "01_mtcnn"].load() == b"{}\r\n\x1a{}"


@pytest.mark.skipif(sys.platform == "win32", reason="making a link needs rights there")
def test_links_are_refused_where_the_system_cannot_refuse_them(tmp_path, as_on_windows):
    write(tmp_path, "secret.txt")
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "01_mtcnn.ipynb").symlink_to(tmp_path / "secret.txt")
    found, _ = collected(tmp_path / "in")
    with pytest.raises(Refused, match="the file is a symbolic link"):
        found["ada", "01_faces", "01_mtcnn"].load()


def test_zip_bombs_links_and_damaged_members_are_refused(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("ada/01_mtcnn.ipynb", "w", force_zip64=True) as file:
            for _ in range(300):
                file.write(bytes(1_000_000))
        link = zipfile.ZipInfo("bob/01_mtcnn.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("carl/01_mtcnn.ipynb", b"x" * 1000)
    data = bytearray(path.read_bytes())
    assert len(data) < 1_000_000
    at = data.index(b"carl/01_mtcnn.ipynb") + len(b"carl/01_mtcnn.ipynb")
    data[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    found, _ = collected(path)
    told = refusals(found)
    assert told["ada"] == "the file is larger than 25 MB"
    assert told["bob"] == "the file is a symbolic link"
    assert told["carl"].startswith("the file cannot be read from the zip")


# ------------------------------------------------------------------ what may stand in a zip


def entry(name=b"a", size=0, flag=0):
    """Return the line by which a zip lists a member, without the member."""
    fields = (0x02014B50, 20, 20, flag, 0, 0, 33, 0, size, size, len(name), 0, 0, 0, 0, 0, 0)
    return struct.pack("<IHHHHHHIIIHHHHHII", *fields) + name


def listing(lines, number):
    """Return a zip that lists members and holds none."""
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0, number & 0xFFFF, len(lines), 0, 0)
    return lines + end


def packed_unit(method=zipfile.ZIP_DEFLATED, change=lambda data: data):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        archive.writestr("06_graphs/01_gat_cora.ipynb", bytes(range(256)) * 40)
    return change(memory.getvalue())


def damaged(data):
    at = data.index(b".ipynb") + 30
    return data[:at] + b"\xff\x00\xff\x00\xff\x00" + data[at + 6 :]


def encrypted(data):
    at = data.index(b"PK\x01\x02")
    return data[:6] + b"\x01" + data[7 : at + 8] + b"\x01" + data[at + 9 :]


ODD_ZIPS = {
    "damaged": (packed_unit(change=damaged), "cannot be read from the zip: "),
    "damaged LZMA": (packed_unit(zipfile.ZIP_LZMA, damaged), "it is compressed by LZMA; make"),
    "LZMA": (packed_unit(zipfile.ZIP_LZMA), "it is compressed by LZMA; make the zip anew"),
    "bzip2": (packed_unit(zipfile.ZIP_BZIP2), "it is compressed by bzip2; make the zip anew"),
    "encrypted": (packed_unit(change=encrypted), "is encrypted, password required"),
    "a member that is not there": (
        listing(entry(b"06_graphs/01_gat_cora.ipynb", 9), 1),
        "cannot be read from the zip: BadZipFile",
    ),
    "a member without a name": (listing(entry(b""), 1), "eve/06_graphs.zip: a file without a name"),
    "names of NUL and slashes": (listing(entry(b"//") + entry(b"\0/\0"), 2), "without a name"),
    "names that are no text": (
        listing(entry(b"\xff\xfe.ipynb", flag=0x800), 1),  # said to be UTF-8
        "it is no zip that can be read: UnicodeDecodeError",
    ),
    "very many names": (listing(entry() * 60_000, 60_000), "the zip lists too many names"),
    "many names": (listing(entry() * 10_001, 10_001), "the zip names more than 10,000 files"),
    "no zip": (b"PK\x03\x04 and then nothing", "it is no zip that can be read"),
    "nothing": (b"", "it is no zip that can be read"),
}


@pytest.mark.parametrize("name", ODD_ZIPS)
def test_odd_zips_cost_their_author_alone(tmp_path, name):
    content, reason = ODD_ZIPS[name]
    path = zipped(tmp_path / "all.zip", "eve/06_graphs.zip", content=content)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("ada/06_graphs.zip", packed_unit())
    found, left = collected(path)
    assert len(found["ada", "06_graphs", "01_gat_cora"].load()) == 256 * 40
    if eve := found.get(("eve", "06_graphs", "01_gat_cora")):
        with pytest.raises(Refused) as error:
            eve.load()
        left.append(str(error.value))
    assert reason in " ".join(left)


def test_a_zip_with_any_byte_changed_is_read_or_refused():
    data = packed_unit()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        outer = uploads.Upload(("eve.zip",), frozenset([0]), (0.0,))
        for upload in uploads.within(outer, lambda c=changed: io.BytesIO(c), 1):
            try:
                assert upload.fault or isinstance(upload.load(), bytes)
            except Refused as refused:
                assert "the zip" in str(refused) or "larger" in str(refused)


def test_a_member_that_holds_more_than_it_claims_is_refused():
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("06_graphs/01_gat_cora.ipynb", bytes(60_000_000))
    data = memory.getvalue().replace(struct.pack("<I", 60_000_000), struct.pack("<I", 1_000))
    outer = uploads.Upload(("eve.zip",), frozenset([0]), (0.0,))
    (upload,) = uploads.within(outer, lambda: io.BytesIO(data), 1)
    tracemalloc.start()
    with pytest.raises(Refused, match="cannot be read from the zip: BadZipFile: Bad CRC"):
        upload.load()
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_zips_in_a_zip_are_opened_to_a_depth_and_a_size(tmp_path, monkeypatch):
    unit = packed_unit()
    inner = packed(("06_graphs.zip", unit))
    write(tmp_path, "ada/work.zip", content=inner)
    write(tmp_path, "bob/a.zip", content=packed(("b.zip", inner)))
    found, left = collected(tmp_path)
    assert set(found) == {("ada", "06_graphs", "01_gat_cora")}
    assert found["ada", "06_graphs", "01_gat_cora"].load()
    assert left == ["bob/a.zip/b.zip/06_graphs.zip: no notebook"]
    monkeypatch.setattr(uploads, "MAX_UNPACKED", 2 * len(unit))
    three = [(f"{n}/06_graphs.zip", unit) for n in range(3)]
    write(tmp_path, "eve/all.zip", content=packed(*three))
    _, left = collected(tmp_path)
    assert "eve/all.zip/2/06_graphs.zip: the zips in this zip are too large together" in left


def test_what_is_left_out_is_listed_in_few_lines_of_each(tmp_path):
    around = "in/Eve_7_assignsubmission_file_"
    names = [f"{around}/{n}/01_mtcnn.ipynb/{n}.txt" for n in range(3_000)]
    names += [f"in/eve/{'x' * 5_000}", "in/ada/01_mtcnn.ipynb", "in/zoe/07_other.ipynb"]
    names += [f"in/Bob_8_assignsubmission_file_{n}.txt" for n in range(11)]
    found, left = collected(zipped(tmp_path / "all.zip", *names))
    assert len(found) == 1 and len(left) == 10 + 10 + 2 + 1
    assert left[-1] == "and 2,991 more files" and max(map(len, left)) < 400
    assert "in/zoe/07_other.ipynb: no notebook of this course by its name" in left


# ------------------------------------------------------------------ what a file holds


DEEP = b'{"cells": ' + b"[" * 200_000
NO_CELLS = json.dumps({"nbformat": 4, "metadata": {}}).encode()
OTHER = json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": "1"}]}).encode()
REFUSED = {
    "empty": (b"  \n", "the file is empty"),
    "no JSON": (b"PK\x03\x04", "the file is no JSON"),
    "other letters": ('{"cells": []}'.encode("utf-16"), "the file is no JSON"),
    "deep JSON": (DEEP, "the file is no JSON"),
    "JSON that is no notebook": (NO_CELLS, "it has no list of cells"),
    "a list": (b"[1, 2]", "it has no list of cells"),
    "another notebook": (OTHER, "another notebook?"),
    "odd cells": (b'{"cells": [1, null, {"metadata": 3}, {}]}', "another notebook?"),
    "very many cells": (b'{"cells": [' + b"{}," * 3000 + b"{}]}", "more than 2,000 cells"),
    "very many lists": (b'{"cells": [' + b"[]," * 1_000_001, "more than 1,000,000 brackets"),
    "large": (b" " * 26_000_000, "larger than 25 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_no_submission_are_refused_with_a_reason(name):
    content, reason = REFUSED[name]
    outcome = examine(job(content, unsafe=True))
    assert reason in outcome["refused"]
    assert [(t["points"], t["verdict"]) for t in outcome["tasks"]] == [(0, "refused")] * 2
    assert [q["review"] for q in outcome["questions"]] == [False]


def test_work_has_another_key_when_anything_that_counts_changes():
    keys = {
        job().key,
        job(student="bob").key,
        job(handed_in(double="def double(x): return 3")).key,
        job(locked={}).key,
        job(unsafe=True).key,
        job(problem="a link").key,
    }
    assert len(keys) == 6 and job().key in keys


def test_an_outcome_that_was_cut_is_named(tmp_path):
    outcome = {"key": "k", "student": "ada", "unit": "u", "notebook": "n", "tasks": []}
    path = store.outcome_path(tmp_path, "ada", "u", "n")
    other = store.outcome_path(tmp_path, "bob", "u", "n")
    write(tmp_path, path, content=json.dumps(outcome).encode())
    for cut in (b"", json.dumps(outcome).encode()[:-9], b'{"student": "\xff'):
        write(tmp_path, other, content=cut)
        with pytest.raises(Problem, match=f"{other.name} is damaged"):
            store.all_outcomes(tmp_path)
    other.unlink()
    assert store.all_outcomes(tmp_path) == [outcome]


@pytest.mark.skipif(sys.platform == "win32", reason="graded on Linux and macOS alone")
def test_without_a_sandbox_the_limits_and_the_judge_still_hold():
    """What ``--unsafe`` does: the same two processes, without bubblewrap around them."""
    tasks = by_task(examine(job(unsafe=True)))
    assert {n: t["verdict"] for n, t in tasks.items()} == {"double": "pass", "centre": "pass"}
    tasks = by_task(examine(job(handed_in(double="import os\nos._exit(1)"), unsafe=True)))
    assert {n: t["verdict"] for n, t in tasks.items()} == {"double": "died", "centre": "pass"}
