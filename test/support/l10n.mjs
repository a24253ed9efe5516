// `npm run l10n`: writes what there is to translate (media/l10n/bundle.l10n.json from the sources, package.nls.json from package.json)
// and tells what each language lacks. `-- --missing <language>` prints what it lacks as a table to be filled in; `-- --take <language> <file>`
// takes such a table over; `-- --prune` removes translations that nothing asks for; `-- --check` only tells, and fails where something is.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeOut } from './l10n/manifest.mjs';
import { collectStrings } from './l10n/strings.mjs';
import { compareTables, LANGUAGES, readTable, tablePath, TABLES, writeTable } from './l10n/tables.mjs';
import { fail, prepare, root } from './setup.mjs';

const NAMES = Object.keys(TABLES);

function write() {
  const { strings, faults } = collectStrings(root);
  writeTable(tablePath(root, 'bundle'), Object.fromEntries(strings.map((text) => [text, text])));
  const path = join(root, 'package.json');
  const before = readFileSync(path, 'utf8');
  const manifest = JSON.parse(before);
  const words = takeOut(manifest, readTable(tablePath(root, 'manifest')));
  writeTable(tablePath(root, 'manifest'), words);
  const after = `${JSON.stringify(manifest, null, 2)}\n`;
  if (after !== before) writeFileSync(path, after);
  return faults;
}

/** The English of a table by key, and what the language has of it. */
const pair = (name, language) => [
  readTable(tablePath(root, name)),
  readTable(tablePath(root, name, language)),
];

/** Both tables' lacks in one: keys of the manifest and strings of the code cannot be confused. */
function missing(language) {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const [english, translated] = pair(name, language);
      return compareTables(english, translated).missing.map((key) => [key, english[key]]);
    }),
  );
}

function take(language, file) {
  const offered = JSON.parse(readFileSync(file, 'utf8'));
  for (const name of NAMES) {
    const [english, translated] = pair(name, language);
    const ours = Object.entries(offered).filter(([key]) => Object.hasOwn(english, key));
    writeTable(tablePath(root, name, language), { ...translated, ...Object.fromEntries(ours) });
  }
}

function prune() {
  for (const name of NAMES)
    for (const language of LANGUAGES) {
      const [english, translated] = pair(name, language);
      const kept = Object.entries(translated).filter(([key]) => Object.hasOwn(english, key));
      writeTable(tablePath(root, name, language), Object.fromEntries(kept));
    }
}

/** Tells what is wrong; returns how much. */
function report(faults) {
  for (const fault of faults) console.log(fault);
  let count = faults.length;
  for (const language of LANGUAGES)
    for (const name of NAMES) {
      const { missing: lacks, stale, wrong } = compareTables(...pair(name, language));
      console.log(
        `${language} ${name}: ${lacks.length} missing, ${stale.length} stale, ${wrong.length} wrong`,
      );
      for (const key of wrong) console.log(`  placeholders differ: ${JSON.stringify(key)}`);
      count += lacks.length + stale.length + wrong.length;
    }
  return count;
}

function main() {
  const [option, language, file] = process.argv.slice(2);
  if (language !== undefined && !LANGUAGES.includes(language))
    throw new Error(`There is no language "${language}". There are: ${LANGUAGES.join(', ')}.`);
  if (option === '--missing') return console.log(JSON.stringify(missing(language), null, 2));
  if (option === '--take') take(language, file);
  else if (option === '--prune') prune();
  const faults = option === '--check' ? collectStrings(root).faults : write();
  if (report(faults) > 0 && option === '--check') process.exitCode = 1;
}

await prepare().then(main).catch(fail);
