# ruff: noqa: E501
"""Invented rows in the layout of UNC's street-drug analysis: 87 columns a sample, 41 a substance."""

import csv
import random

ABOUT = [
    "sampleid",
    "program",
    "location",
    "county",
    "state",
    "full_state",
    "date_collect",
    "sampletype",
    "collection",
    "expectedsubstance",
]
EXPECT = [f"expect_{n}" for n in (
    "fentanyl", "heroin", "meth", "cocaine", "mdma", "ketamine", "benzo", "opioid", "other")]  # fmt: skip
LOOKS = ["color", "bright_color", "texture", "tar", "pill", "powder", "plant", "crystals", "lustre"]
SENSES = [
    "sensations",
    "sen_strength",
    "sen_weird",
    "sen_hall",
    "sen_up",
    "sen_down",
    "sen_nice",
    "sen_long",
    "sen_burn",
    "sen_skin",
    "sen_seizure",
    "texture_notes",
    "sensation_notes",
    "overdose",
    "od",
    "overdose_notes",
    "fatal_od",
]
RESULT = [
    "confirmatory",
    "date_complete",
    "primary",
    "trace",
    "lab_null",
    "lab_num_substances_any",
    "lab_num_substances",
]
FLAGS = [
    f"lab_{n}{a}"
    for n in ("fentanyl", "xylazine", "meth", "cocaine", "heroin", "mdma", "4anpp", "caffeine",
              "lidocaine", "levamisole", "medetomidine", "btmps", "nitazene", "carfentanil",
              "bromazolam")
    for a in ("", "_any")
]  # fmt: skip
PLACES = ["program_county", "lat_program", "lon_program", "lat", "lon"]
SAMPLES = [*ABOUT, *EXPECT, *LOOKS, *SENSES, *RESULT, *FLAGS, *PLACES]
DETAIL = [
    "sampleid", "substance", "abundance", "method", "date_complete", "primary", "trace", "lab_null",
    "lab_num_substances_any", "lab_num_substances", "confirmatory", *FLAGS,
]  # fmt: skip
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
NONE = "no compounds of interest detected"
TWINS = {
    "phenethyl bromide": "phenethylbromide",
    "dimethyl sulfone (methylsulfonylmethane MSM)": "dimethylsulfone (MSM)",
}


def write(folder, count=200, seed=5):
    """Write `analysis_dataset.csv` and `lab_detail.csv`; return what each sample holds."""
    draw = random.Random(seed)
    truth, samples, detail = {}, [], []
    for number in range(count):
        reference = str(300_000 + number)
        found = draw.sample(["fentanyl", "xylazine", "4-ANPP", "caffeine", "cocaine", "lidocaine",
                             *TWINS], draw.randint(0, 4))  # fmt: skip
        cut = draw.randint(0, len(found))
        primary, trace = found[:cut], found[cut:]
        day = (draw.randint(1, 28), draw.randint(1, 12), 2022)
        row = dict.fromkeys(SAMPLES, "")
        row |= {
            "sampleid": reference, "program": "INVENTED program", "state": "NC", "county": "Orange",
            "full_state": "North Carolina", "location": "Orange County",
            "date_collect": f"{day[0]:02}{MONTHS[day[1] - 1]}{day[2]}", "sampletype": "powder ",
            "expectedsubstance": draw.choice(["fentanyl", "heroin; fentanyl", "cocaine", ""]),
            "expect_fentanyl": "1", "color": "white; tan", "lustre": "-1", "sen_strength": "1",
            "sensations": "weird; long", "overdose_notes": "2 doses naloxone",
            "texture_notes": "FTS = negative", "lab_fentanyl": "1", "lab_fentanyl_any": "1",
            "lat": "35.9", "lon": "-79.0", "lat_program": "35.9", "lon_program": "-79.0",
            "primary": "; ".join(primary) or NONE, "trace": "; ".join(trace),
            "date_complete": "15Oct2022", "lab_num_substances": str(len(primary)),
        }  # fmt: skip
        samples.append(row)
        for name, abundance in [(n, "") for n in primary or [NONE]] + [(n, "trace") for n in trace]:
            line = dict.fromkeys(DETAIL, "")
            line |= {
                "sampleid": reference, "substance": TWINS.get(name, name) + draw.choice(["", " "]),
                "abundance": abundance, "method": draw.choice(["GCMS", "Derivatized GCMS"]),
                "date_complete": "15Oct2022", "primary": row["primary"], "trace": row["trace"],
            }  # fmt: skip
            detail.append(line)
        truth[reference] = (day, set(primary), set(trace))
    for name, columns, rows in (
        ("analysis_dataset.csv", SAMPLES, samples),
        ("lab_detail.csv", DETAIL, detail),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return truth
