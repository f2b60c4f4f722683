"""Makes varied articles: other texts, names, numbers and dates, so that documents are no copies of each other.

usage: generate.py COUNT [SEED] > articles.jsonl
"""
import datetime
import json
import random
import sys

FIRST = ["Marlene", "Hagen", "Thekla", "Ruben", "Silvan", "Dörte", "Emre", "Ilka", "Jost", "Nele", "Pavlo", "Wiebke"]
LAST = ["Oderbruch", "Wittkopf", "Barnim", "Falkenried", "Prenzlow", "Hollerbusch", "Tannwald", "Strausberg",
        "Neuhardt", "Pasenke", "Hradenk", "Lindenau", "Kestrin", "Merlinger", "Zossenthal"]
PLACES = ["Altenwerda", "Brennow", "Velmar", "Niederlohe", "Grünzig", "Stolzenbach", "Marnitz", "Hohenrode"]
OFFICES = ["Bürgermeister", "Polizeisprecher", "Landrat", "Ministerin", "Staatsanwältin", "Feuerwehrchef"]
BODIES = ["die Polizei", "die Kreisverwaltung", "das Ministerium", "die Staatsanwaltschaft", "das Klinikum"]
THINGS = ["Verletzte", "Soldaten", "Einwohner", "Demonstranten", "Fahrzeuge", "Häuser"]
VERBS = ["sagte", "erklärte", "betonte", "teilte mit", "warnte"]


def sentence(rng, day):
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    place, office, body = rng.choice(PLACES), rng.choice(OFFICES), rng.choice(BODIES)
    number, thing = rng.randint(3, 90000), rng.choice(THINGS)
    date = f"{day.day}. {['Januar','Februar','März','April','Mai','Juni','Juli','August','September','Oktober','November','Dezember'][day.month - 1]}"
    return rng.choice([
        f"Nach Angaben von {office} {name} sind in {place} rund {number} {thing} betroffen.",
        f"„Wir rechnen mit mindestens {number} {thing}“, sagte {name} am {date} in {place}.",
        f"{name} erklärte, die Lage in {place} sei seit dem {date} unter Kontrolle.",
        f"{body[0].upper()}{body[1:]} bestätigte, dass {number} {thing} gezählt worden seien.",
        f"In {place} sollen bis zu {number} {thing} angekommen sein.",
        f"{office} {name} wies den Bericht über {number} {thing} in {place} zurück.",
        f"Der Weg von {place} nach {rng.choice(PLACES)} bleibt bis zum {date} gesperrt, teilte {body} mit.",
        f"Die Zahl der {thing} stieg laut {name} auf {number}.",
    ])


def article(number, seed=0):
    rng = random.Random(f"{seed}/{number}")
    day = datetime.date(2030, 1, 1) + datetime.timedelta(days=rng.randint(0, 700))
    paragraphs = [" ".join(sentence(rng, day) for _ in range(rng.randint(2, 5))) for _ in range(rng.randint(2, 6))]
    return {"id": f"generated-{seed}-{number}", "text": "\n\n".join(paragraphs), "published": day.isoformat(),
            "outlet": f"Blatt {rng.randint(1, 20)}"}


if __name__ == "__main__":
    for i in range(int(sys.argv[1])):
        print(json.dumps(article(i, sys.argv[2] if len(sys.argv) > 2 else 0), ensure_ascii=False))
