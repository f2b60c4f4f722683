#!/usr/bin/env python3
"""Score the program on German news sentences and short texts written for the purpose, and check floors.

usage: invented.py LAGEBILD [--floors FILE] [--errors] [--print]

tests/accuracy/invented/sentences.jsonl: one to three sentences each, a fifth of them without any claim; articles.jsonl:
texts of four to nine sentences with their actors. Every line is a JSON object:

  id, category, text
  claims: kind, speaker (its words, or null), content (its words in order); speaker_alt, kind_alt, content_alt are answers
          that are as good; optional = neither rewarded nor punished. In articles `speakers` are names of actors.
  actors (articles): name, type, aliases; optional as above

A claim is found when its words and those of a claim of the program overlap by an F1 of at least a half. Prints scores in
per cent; --errors what was wrong; --print the floors as they stand now. Exits with 1 where a score lies more than one
point below its floor.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent / "invented"
TOLERANCE = 1.0
WORD = re.compile(r"\w+")


def fold(text):
    return " ".join(WORD.findall(text or "")).casefold()


class Text:
    """A text and the program's answer for it."""

    def __init__(self, item, answer):
        self.item, self.answer, self.text = item, answer, item["text"]
        self.bytes = self.text.encode()
        self.words = [match.span() for match in WORD.finditer(self.text)]

    def tokens(self, spans):
        return {i for i, (b, e) in enumerate(self.words) for begin, end in spans if b < end and begin < e}

    def spans(self, spans):
        return [(len(self.bytes[:s.get("begin", 0)].decode()), len(self.bytes[:s["end"]].decode())) for s in spans or []]

    def words_of(self, spans):
        return " … ".join(self.text[b:e] for b, e in self.spans(spans))

    def places(self, parts):
        """Where these words stand, one part behind the other."""
        spans, at = [], 0
        for part in parts:
            begin = self.text.find(part, at)
            begin = self.text.find(part) if begin < 0 else begin
            spans.append((begin, begin + len(part)))
            at = begin + len(part)
        return spans

    def claims(self):
        """The program's claims with their words; fragments of another claim count as part of it."""
        found = [(self.tokens(self.spans(c.get("content"))), c) for c in self.answer.get("claims", [])]
        return [(tokens, c) for tokens, c in found if tokens and not c.get("partOf")]


def overlap(a, b):
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


class Scores:
    def __init__(self):
        self.counts, self.errors = {}, []

    def rate(self, name, right):
        n, k = self.counts.get(name, (0, 0))
        self.counts[name] = (n + 1, k + bool(right))

    def error(self, what, text, *details):
        self.errors.append(" ".join([what, text.item["id"], *map(str, details)]))

    def values(self):
        return {name: 100 * k / n for name, (n, k) in self.counts.items()}


def score_claims(text, name, scores, right_speaker):
    system, used, inside = text.claims(), set(), []
    for want in text.item["claims"]:
        variants = [text.tokens(text.places(want["content"]))]
        if "content_alt" in want:
            variants.append(text.tokens(text.places(want["content_alt"])))
            variants += [text.tokens(text.places([part])) for part in want["content_alt"]]
        inside += variants
        share, best = max(((max(overlap(v, tokens) for v in variants), i) for i, (tokens, _) in enumerate(system)
                           if i not in used), default=(0.0, None))
        found = share >= 0.5
        if found:
            used.add(best)
        if want.get("optional"):
            continue
        scores.rate(f"{name}/claims recall", found)
        if not found:
            scores.error("missed", text, want["kind"], want["content"])
            continue
        claim = system[best][1]
        right = right_speaker(want, claim)
        scores.rate(f"{name}/claims speaker", right)
        if not right:
            scores.error("speaker", text, want.get("speaker", want.get("speakers")), "got",
                         text.words_of(claim.get("speaker")), claim.get("rule"), text.words_of(claim["content"]))
        kind = claim["kind"].removeprefix("CLAIM_KIND_")
        scores.rate(f"{name}/claims kind", kind in [want["kind"], *want.get("kind_alt", [])])
    for i, (tokens, claim) in enumerate(system):
        spurious = i not in used and not any(tokens <= variant for variant in inside)
        scores.rate(f"{name}/claims precision", not spurious)
        if spurious:
            scores.error("spurious", text, claim.get("rule"), text.words_of(claim["content"]))


def score_sentence(text, scores):
    def right_speaker(want, claim):
        wanted = {fold(want["speaker"]), *map(fold, want.get("speaker_alt", []))}
        return fold(text.words_of(claim.get("speaker"))) in wanted
    score_claims(text, "sentences", scores, right_speaker)


def score_article(text, scores):
    names = {actor["name"]: {fold(n) for n in [actor["name"], *actor["aliases"]]} for actor in text.item["actors"]}
    shared = {n for a in names for n in names[a] for b in names if b != a and n in names[b]}
    own = {actor: forms - shared for actor, forms in names.items()}
    forms_of = {a["id"]: {fold(n) for n in [a.get("name"), *a.get("aliases", []),
                                            *(text.words_of([m["span"]]) for m in a.get("mentions", []) if "span" in m)]}
                for a in text.answer.get("actors", [])}
    actor_of = {}
    for system, forms in forms_of.items():
        share, best = max(((len(own[a] & forms), a) for a in own), default=(0, None))
        if share:
            actor_of[system] = best
    for actor in text.item["actors"]:
        if actor.get("optional"):
            continue
        hits = [s for s, a in actor_of.items() if a == actor["name"]]
        scores.rate("articles/actors recall", hits)
        scores.rate("articles/actors unsplit", len(hits) <= 1)
        if len(hits) != 1:
            scores.error("actor", text, actor["name"], [sorted(forms_of[h]) for h in hits])

    def right_speaker(want, claim):
        got = {actor_of.get(a, a) for a in claim.get("speakerActorIds", [])}
        return got == set(want["speakers"]) or bool(got) and got <= set(want.get("speaker_alt", []))
    score_claims(text, "articles", scores, right_speaker)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lagebild", type=pathlib.Path)
    parser.add_argument("--floors", type=pathlib.Path)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--print", action="store_true")
    args = parser.parse_args()
    scores = Scores()
    with tempfile.TemporaryDirectory() as work:
        for name, score in (("sentences", score_sentence), ("articles", score_article)):
            items = [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
            texts = pathlib.Path(work) / f"{name}.jsonl"
            texts.write_text("".join(json.dumps({"id": i["id"], "text": i["text"]}, ensure_ascii=False) + "\n" for i in items),
                             encoding="utf-8")
            subprocess.run([args.lagebild.resolve(), "analyze", "--jsonl", texts, "--output-dir", work],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            for item in items:
                score(Text(item, json.loads((pathlib.Path(work) / f"{item['id']}.json").read_text(encoding="utf-8"))), scores)
    if args.errors:
        print("\n".join(scores.errors))
    values, failed = scores.values(), False
    for name, value in sorted(values.items()):
        right = scores.counts[name]
        print(f"{name}\t{value:.1f}" if args.print else f"{name:<28}{value:5.1f} %   ({right[1]}/{right[0]})")
    if args.floors:
        for line in args.floors.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            name, floor = line.split("\t")
            if values.get(name, 0.0) < float(floor) - TOLERANCE:
                print(f"FAILED {name}: {values.get(name)} is more than {TOLERANCE} below the floor of {floor}")
                failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
