/** What a run records, in another language: by patterns that are still those of the record. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TOLD } from '../../../src/protocol/told-patterns.ts';
import { toldIn } from '../../../src/protocol/told-why.ts';
import { TOLD_WHYS } from '../../../src/protocol/told-whys.ts';

const tableOf = (language: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(`media/l10n/bundle.l10n.${language}.json`, 'utf8')) as Record<string, string>;
const [GERMAN, FRENCH] = [tableOf('de'), tableOf('fr')];

const PATTERNS = { told: TOLD, whys: TOLD_WHYS };

const CASES: readonly (readonly [recorded: string, shown: string])[] = [
  ['Approve the plan', 'Plan genehmigen'],
  ['List the workspace', 'Arbeitsbereich auflisten'],
  ['List src/**', 'src/** auflisten'],
  ['Compare main with {0}', 'main mit {0} vergleichen'],
  [
    'The change is in your workspace. The tests prove it.',
    'Die Änderung ist in deinem Arbeitsbereich. Die Tests beweisen es.',
  ],
  [
    'Looked at the workspace: 8 files. Left out: a b: EACCES',
    'Arbeitsbereich angesehen: 8 Dateien. Ausgelassen: a b: EACCES',
  ],
  ['A role of their own says this.', 'A role of their own says this.'],
  // Part by part: several settings, lines, of whom it is told.
  [
    'From here on: autonomy "auto"; other limits; 3 tasks at once.',
    'Von hier an: Autonomie „Automatisch“; andere Grenzen; 3 Aufgaben zugleich.',
  ],
  [
    'red and blue changed the same lines.\nNo file is touched by both.\nA line of theirs.',
    'red und blue haben dieselben Zeilen geändert.\nKeine Datei ändern beide.\nA line of theirs.',
  ],
  [
    'coder: It used all 40 turns without handing over.',
    'coder: Er verbrauchte alle 40 Züge, ohne etwas zu übergeben.',
  ],
  ['TypeError: chosen', 'TypeError: chosen'],
  [
    'Team of 2, though 3 could work at once: budget for 1 more task.',
    'Team von 2, obwohl 3 zugleich arbeiten könnten: Budget für 1 weitere Aufgabe.',
  ],
  ['"adds (1+1)?" fails as on the base.', '„adds (1+1)?“ schlägt fehl wie auf der Basis.'],
  ['"Parser. Reads all" fails as on the base.', '„Parser. Reads all“ schlägt fehl wie auf der Basis.'],
  ['Run first\nsecond', 'first\nsecond ausführen'],
  ['', ''],
  [
    'Local (http://127.0.0.1:1/v1) cannot be reached: nothing listens there.',
    'Local (http://127.0.0.1:1/v1) ist nicht erreichbar: Dort antwortet niemand auf Verbindungen.',
  ],
  ['Local (http://x/v1) cannot be reached: ESTRANGE', 'Local (http://x/v1) ist nicht erreichbar: ESTRANGE'],
  [
    'Is the server running? Start it, or change the base URL.',
    'Läuft der Server? Starte ihn, oder ändere die Basis-URL.',
  ],
  [
    'There is nothing to commit: no change of this run is applied.',
    'Es gibt nichts zu committen: Keine Änderung dieses Laufs ist übernommen.',
  ],
  [
    'The journal was written by a later Quartet (format 9). Update Quartet to open this run.',
    'Das Journal wurde von einem neueren Quartet geschrieben (Format 9). Aktualisiere Quartet, um diesen Lauf zu öffnen.',
  ],
  // Why something failed is told behind what failed; what a search looks for is not ours.
  [
    'The journal could not be written: there is no space left (ENOSPC).',
    'Das Journal konnte nicht geschrieben werden: Es ist kein Platz mehr frei (ENOSPC).',
  ],
  [
    'Your change was not made: Task "a" depends on itself. Two tasks are odd. Give that back first.',
    'Deine Änderung wurde nicht gemacht: Die Aufgabe „a“ hängt von sich selbst ab. Two tasks are odd. Gib das zuerst zurück.',
  ],
  [
    'The planner could not finish: Local (http://x/v1) failed several times in a row and is left alone for 30 s. Last: Local (http://x/v1) cannot be reached: nothing listens there.',
    'Der Planer konnte nicht zu Ende kommen: Local (http://x/v1) ist mehrmals nacheinander gescheitert und wird 30 s lang in Ruhe gelassen. Zuletzt: Local (http://x/v1) ist nicht erreichbar: Dort antwortet niemand auf Verbindungen.',
  ],
  ['Search the web: List comprehension', 'Im Web suchen: List comprehension'],
  ['Ask: chosen', 'Frage: chosen'],
  [
    "The run's cost budget of $2.00 would be passed: $1.90 are spent or held, and this call may take $0.2000. Raise the limit to go on.",
    'Das Kostenbudget des Laufs von $2.00 würde überschritten: $1.90 sind ausgegeben oder vorgehalten, und dieser Aufruf kann $0.2000 brauchen. Erhöhe die Grenze, um weiterzumachen.',
  ],
  ['Nothing was changed. Add a button: failed.', 'Nichts wurde geändert. Add a button: gescheitert.'],
  ['Limit reached: 3 attempts at a plan.', 'Grenze erreicht: 3 Anläufe zu einem Plan.'],
  ['a/b: there is no space left (ENOSPC).', 'a/b: Es ist kein Platz mehr frei (ENOSPC).'],
  ['12 days old, older than 7; it had not finished', '12 Tage alt, älter als 7; war nicht beendet'],
  [
    'The setting quartet.budget is not valid: Invalid input: expected number, received string (costUsdMax).',
    'Die Einstellung quartet.budget gilt nicht: number erwartet, string erhalten (costUsdMax).',
  ],
];

/** Reasons, joined and in one another. */
const WHYS: readonly (readonly [recorded: string, shown: string])[] = [
  ['it wants the network', 'es will ins Netz'],
  [
    'rm removes files; "../a; b" is not a path inside the working copy: ".." leads out of the folder',
    'rm entfernt Dateien; "../a; b" is not a path inside the working copy: „..“ führt aus dem Ordner hinaus',
  ],
  [
    '"../a; b" is not a path inside the working copy: ".." leads out of the folder',
    '„../a; b“ ist kein Pfad in der Arbeitskopie: „..“ führt aus dem Ordner hinaus',
  ],
  [
    'the script "pretest" of the project: the command holds an array, which is not judged',
    'das Skript „pretest“ des Projekts: der Befehl enthält ein Array, was nicht beurteilt wird',
  ],
  ['your rule "ask command rm"', 'deine Regel „ask command rm“'],
  ['Our own people look at it', 'Our own people look at it'],
  [
    'cloud is doubtful: its last call failed: Cloud (http://x/v1) cannot be reached: nothing listens there',
    'cloud ist zweifelhaft: sein letzter Aufruf scheiterte: Cloud (http://x/v1) ist nicht erreichbar: Dort antwortet niemand auf Verbindungen',
  ],
  ['endpoint big: it provides no vision', 'Endpunkt big: bietet kein vision'],
  [
    'for vision (small not: it provides no vision; old not: it does not answer now)',
    'für vision (small nicht: bietet kein vision; old nicht: er antwortet gerade nicht)',
  ],
  // What is called is theirs, with whatever stands in it.
  [
    'it made the same call 3 times and got the same each time: run_command a; echo "b: c"',
    'er machte 3-mal denselben Aufruf und bekam jedes Mal dasselbe: run_command a; echo "b: c"',
  ],
  ['local has 2 agents at work, this one 1 agent', 'local hat 2 Agenten an der Arbeit, dieser 1 Agent'],
  ['', ''],
];

/** What settings are held against words its own problems, which follow on ours. */
const ZOD = 'node_modules/zod/v4/locales/en.js';
const SETTING = 'The setting {0} is not valid: ';

test('what a pattern fits is shown in the language, sentence by sentence; all else as it is recorded', () => {
  const { told } = toldIn(GERMAN, PATTERNS);
  for (const [recorded, shown] of CASES)
    for (let again = 0; again < 2; again++) assert.equal(told(recorded), shown);
});

test('reasons are shown in the language, one by one and with those in them', () => {
  const { toldWhy } = toldIn(GERMAN, PATTERNS);
  for (const [recorded, shown] of WHYS) assert.equal(toldWhy(recorded), shown);
  assert.equal(toldWhy('a: '.repeat(600)).length > 0, true);
});

test('of a failing test’s message only the first line may be ours, and what a runner said stays', () => {
  const { toldFailure } = toldIn(GERMAN, PATTERNS);
  const cases = [
    [
      'it broke (the file ended with 1)\nThe code does not compile.',
      'sie brach ab (die Datei endete mit 1)\nThe code does not compile.',
    ],
    ['TypeError: x is no function (the file ended)', 'TypeError: x is no function (die Datei endete)'],
    [
      '"adds" began and did not end: its process ended first',
      '„adds“ begann und endete nicht: sein Prozess endete zuvor',
    ],
    ['The code does not compile.', 'Der Code lässt sich nicht übersetzen.'],
    ['Read the file: it fails', 'Read the file: it fails'],
  ] as const;
  for (const [message, shown] of cases) assert.equal(toldFailure(message), shown);
});

test('a colon between words that are not ours stays as it is recorded', () => {
  const { toldWhy } = toldIn(FRENCH, PATTERNS);
  assert.equal(toldWhy('your rule "a: b"'), 'ta règle « a: b »');
  assert.equal(toldWhy('tool a: it is not enabled'), `outil a : ${FRENCH['it is not enabled'] ?? ''}`);
});

test('without translations nothing changes', () => {
  const { told, toldWhy } = toldIn({}, PATTERNS);
  for (const [recorded] of CASES) assert.equal(told(recorded), recorded);
  for (const [recorded] of WHYS) assert.equal(toldWhy(recorded), recorded);
});

test('each pattern is still what some part of a run, or what fails, says', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !path.startsWith('src/protocol/told-'));
  const sources = [...files, ZOD].map((path) => readFileSync(path, 'utf8'));
  const gone = [...TOLD, ...TOLD_WHYS].filter((pattern) => {
    const words = pattern.replace(SETTING, '').match(/\p{L}{2,}/gu) ?? [];
    return !sources.some((source) => words.every((word) => source.includes(word)));
  });
  assert.deepEqual(gone, []);
});

test('no text takes long, however it is made', () => {
  const { told } = toldIn(GERMAN, PATTERNS);
  const text = 'Team of a, though b could work at once: '.repeat(50);
  assert.equal(told(text).length > 0, true);
});
