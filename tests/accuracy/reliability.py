#!/usr/bin/env python3
"""Print how often claims are right by the confidence they were given.

usage: reliability.py LAGEBILD [--shared DIR] [--annotated GOLD ARTICLES]... [--rules] [--write]

Analyses the annotated articles (gold, gold_news) and the quotation corpus (wikinews_quotes/dev) under DIR or
$LAGEBILD_SHARED. A claim is right when its content shares at least half its tokens (F1) with an annotated one, one to one,
and its speakers are that one's. --annotated adds further articles in the same format. Of the quotation corpus only the content counts, beside the confidence without the speaker's part.
Quoted fragments inside a claim are left out where the annotation counts them to that claim. --rules adds a line a rule and
a form of speaker. --write rewrites claim_confidence.tsv and speaker_confidence.tsv in extract_service/language/de, which the
program was built with, so that each rule and form is right as often as it says on the annotated articles; the quotation
corpus only checks them. Exits with 77 where the data is not there.
"""
import argparse
import collections
import math
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
MIN_OVERLAP = 0.5
MIN_CLAIMS = 15  # Rules with fewer keep their shift.
PRIOR = 60  # So many claims that are right as often as they say speak against a shift: the articles are few.
PRIOR_SPEAKERS = 2  # So many speakers of each form, half of them right, speak for doubt.
TABLES = pathlib.Path(__file__).resolve().parents[2] / "extract_service" / "language" / "de"


def overlap(a, b):
    both = len(a & b)
    return 2 * both / (len(a) + len(b)) if both else 0.0


def judge(system, gold, assign):
    """[(claim, right, which gold)] of token sets with claims, and gold token sets."""
    pairs = assign([[overlap(g, s) for s, _ in system] for g in gold]) if system and gold else []
    right = {s: g for g, s in pairs if overlap(gold[g], system[s][0]) >= MIN_OVERLAP}
    return [(claim, i in right, right.get(i)) for i, (_, claim) in enumerate(system)]


def fragment(tokens, claim, system, gold):
    """A quotation inside a longer claim, which is annotated with that claim only."""
    return (claim.get("kind") == "DIRECT" and any(tokens < other for other, _ in system)
            and not any(overlap(tokens, g) >= MIN_OVERLAP for g in gold))


def analyse(lagebild, documents, work):
    work.mkdir()
    source = work.with_suffix(".jsonl")
    source.write_text(documents, encoding="utf-8")
    subprocess.run([lagebild, "analyze", "--jsonl", source, "--output-dir", work], check=True, stdout=subprocess.DEVNULL)


def rows_of(path):
    """Lines of a table with two columns as a dictionary of numbers."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {key: float(value) for key, value in (line.split("\t") for line in lines[1:])}


def speaker_form(claim, actors):
    """As SpeakerFormOf() of claims/claim_confidence.h."""
    words = claim.get("speaker", [])
    if not claim.get("speakerActorIds"):
        return "words" if words else "nobody"
    mentions = actors[claim["speakerActorIds"][0]]["mentions"]
    spans = [(m["span"].get("begin", 0), m["span"]["end"]) for m in mentions]
    if not any(b < w["end"] and w.get("begin", 0) < e for b, e in spans for w in words):
        return "elsewhere"
    named = any(m["kind"].endswith("NAME") for m in mentions)
    beside = next(m["kind"] for m, (b, e) in zip(mentions, spans)
                  if any(b < w["end"] and w.get("begin", 0) < e for w in words))
    if beside.endswith("PRONOUN"):
        return "pronoun" if named else "unnamed_pronoun"
    if beside.endswith("NAME"):
        return "named"
    return "noun" if named else "unnamed"


class NoTally:
    def rate(self, *_):
        pass

    def add(self, *_):
        pass


def judged(lagebild, shared, annotated, work):
    """(set name, claim, form of speaker, right content, right speakers or None) of every claim on the development data."""
    sys.path[:0] = [str(shared / "eval"), str(shared / "gold")]
    import score_gold
    import score_quotes
    from common import ByteIndex, assign, read_output

    def exported(scorer, *paths):
        return subprocess.run([sys.executable, shared / "eval" / scorer, "--export", *paths], check=True,
                              capture_output=True, text=True, encoding="utf-8").stdout

    sets = [("gold", shared / "gold", shared / "seeds"),
            ("gold_news", shared / "gold_news", shared / "gold_news" / "articles")]
    sets += [(f"annotated {i + 1}", *paths) for i, paths in enumerate(annotated)]
    for name, golds, articles in sets:
        # Articles of the five seeds carry their date in their text, the others beside it.
        options = [] if name == "gold" else ["--published"]
        analyse(lagebild, exported("score_gold.py", *options, golds, articles), work / name)
        for path in sorted(golds.glob("*.json")):
            gold = score_gold.Gold(path, articles)
            extraction = read_output(work / name, gold.id)
            actors = {actor["id"]: actor for actor in extraction.get("actors", [])}
            same = score_gold.map_actors(gold, extraction, NoTally())
            index = ByteIndex(gold.text)
            system = [(gold.tokens(index.spans(c.get("content"))), c) for c in extraction.get("claims", [])]
            wanted = [gold.content(c) for c in gold.data["claims"]]
            system = [(t, c) for t, c in system if t and not fragment(t, c, system, wanted)]
            for claim, right, of in judge(system, wanted, assign):
                speakers = {same.get(a, a) for a in claim.get("speakerActorIds", [])}
                known = right and speakers == set(gold.data["claims"][of]["speaker"])
                yield name, claim, speaker_form(claim, actors), right, known
    corpus = shared / "corpora" / "wikinews_quotes" / "dev"
    analyse(lagebild, exported("score_quotes.py", corpus), work / "quotes")
    for path in sorted(corpus.iterdir()):
        document = score_quotes.Document(path)
        extraction = read_output(work / "quotes", document.id)
        actors = {actor["id"]: actor for actor in extraction.get("actors", [])}
        index = ByteIndex(document.text)
        system = [(document.tokens(index.spans(c.get("content"))), c) for c in extraction.get("claims", [])]
        wanted = [quote["message"] for quote in document.quotes]
        for claim, right, _ in judge([(t, c) for t, c in system if t], wanted, assign):
            yield "quotes", claim, speaker_form(claim, actors), right, None


def print_table(title, rows):
    """rows: {key: [(confidence, right)]}"""
    print(f"{title:28} claims  given  right")
    for key in sorted(rows):
        given = sum(c for c, _ in rows[key]) / len(rows[key])
        right = sum(r for _, r in rows[key]) / len(rows[key])
        print(f"{key:28} {len(rows[key]):6}  {100 * given:5.1f}  {100 * right:5.1f}")
    print()


def shifted(confidence, shift):
    bounded = min(max(confidence, 0.05), 0.99)
    return 1 / (1 + math.exp(-(math.log(bounded / (1 - bounded)) + shift)))


def needed_shift(rows):
    """The shift in log-odds at which the claims are right as often as they say, drawn to none by a few claims that are."""
    right = sum(r for _, r in rows) + PRIOR * sum(c for c, _ in rows) / len(rows)
    low, high = -4.0, 4.0
    for _ in range(40):
        middle = (low + high) / 2
        given = sum(shifted(c, middle) for c, _ in rows) * (len(rows) + PRIOR) / len(rows)
        low, high = (middle, high) if given < right else (low, middle)
    return (low + high) / 2


def write_table(path, values):
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    columns = next(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    rows = [f"{key}\t{values[key]:.2f}" for key in sorted(values)]
    path.write_text("\n".join(head + [columns] + rows) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lagebild", type=pathlib.Path)
    parser.add_argument("--shared", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[3] / "shared")
    parser.add_argument("--annotated", type=pathlib.Path, nargs=2, action="append", default=[])
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    shared = pathlib.Path(os.environ.get("LAGEBILD_SHARED", args.shared))
    if not (shared / "eval" / "score_gold.py").exists():
        print(f"No development data in {shared}: set LAGEBILD_SHARED. Nothing was measured.")
        return SKIPPED
    forms_given = rows_of(TABLES / "speaker_confidence.tsv")
    bins, rules, forms = collections.defaultdict(list), collections.defaultdict(list), collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as work:
        for name, claim, form, content, speakers in judged(args.lagebild.resolve(), shared, args.annotated,
                                                            pathlib.Path(work)):
            confidence = claim.get("confidence", 0.0)
            of_content = min(confidence / forms_given[form], 0.99)
            quotes = speakers is None
            given = of_content if quotes else confidence
            low = min(int(given * 10), 9) / 10
            for where in (name,) if quotes else ("all", name):
                bins[where, f"{low:.1f} - {low + 0.1:.1f}"].append((given, content if quotes else speakers))
            # The licence of the quotation corpus lets it check what is shipped, not make it.
            if not quotes or not args.write:
                rules[claim.get("rule", "").split(":")[0]].append((of_content, content))
            if not quotes and content:
                forms[form].append((forms_given[form], speakers))
    for where in dict.fromkeys(where for where, _ in bins):
        print_table(where, {key: rows for (name, key), rows in bins.items() if name == where})
    if args.rules:
        print_table("rule (content)", rules)
        print_table("speaker", forms)
    if args.write:
        shifts = rows_of(TABLES / "claim_confidence.tsv")
        for rule, rows in rules.items():
            if len(rows) >= MIN_CLAIMS:
                # From what the rule would say unshifted, so that the prior counts once however often this is run.
                shift = shifts.get(rule, 0.0)
                shifts[rule] = needed_shift([(shifted(given, -shift), right) for given, right in rows])
        write_table(TABLES / "claim_confidence.tsv", shifts)
        right = {form: (sum(r for _, r in rows) + PRIOR_SPEAKERS / 2) / (len(rows) + PRIOR_SPEAKERS)
                 for form, rows in forms.items()}
        write_table(TABLES / "speaker_confidence.tsv", {**forms_given, **right})
    return 0


if __name__ == "__main__":
    sys.exit(main())
