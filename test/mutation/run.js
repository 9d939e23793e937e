import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * npm run mutation -- [rooms…]
 *
 * Changes the source of one room after the other (src/sessions is one) and runs the tests of the room, which takes a
 * second; what they don't notice is tried again with all the fast tests. But what only changes a constant of a file
 * would need every one of them, and must be noticed by the room's.
 */
const REPORT = 'coverage/mutation.json';
const FOLDER = 'coverage/mutation';
/** Score in percent under which the run fails. */
const LOWEST = 95;

const ROOMS = {
  limits: ['limits', 'accounts'],
  runtime: ['runtime'],
  events: ['events'],
  outages: ['outages'],
  input: ['input'],
  sessions: ['sessions', 'accounts'],
  accounts: ['accounts'],
  users: ['users', 'accounts'],
  usernames: ['usernames'],
  http: ['http', 'options'],
  options: ['options', 'http'],
  access: ['access', 'http', '.'],
  tokens: ['tokens'],
  service: ['.', 'accounts', 'events', 'input'],
};

const { mutate } = JSON.parse(readFileSync('stryker.config.json', 'utf8'));
const roomOf = (pattern) => {
  const folder = /^src\/([^/]+)\//.exec(pattern)?.[1];
  return folder ?? 'service';
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((room) => !Object.hasOwn(ROOMS, room));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no room ${unknown.join(', ')} here. There are: ${Object.keys(ROOMS).join(', ')}.\n`,
  );
  process.exit(1);
}
const rooms = Object.keys(ROOMS).filter((room) => wanted.length === 0 || wanted.includes(room));
mkdirSync(FOLDER, { recursive: true });
let killedOfAll = 0;
let countOfAll = 0;
for (const room of rooms) {
  const patterns = mutate.filter((pattern) => roomOf(pattern) === room);
  const mutants = new Map();
  run(room, patterns, ROOMS[room], mutants);
  const unnoticed = [...mutants.values()].filter(({ status }) => isUnnoticed(status));
  if (unnoticed.length > 0) {
    run(room, unnoticed.map(rangeOf), undefined, mutants, ['--ignoreStatic']);
  }
  const counted = [...mutants.values()].filter(
    ({ status }) => isUnnoticed(status) || isNoticed(status),
  );
  const left = counted.filter(({ status }) => isUnnoticed(status));
  killedOfAll += counted.length - left.length;
  countOfAll += counted.length;
  writeFileSync(`${FOLDER}/${room}.json`, JSON.stringify(left, null, 1));
  for (const mutant of left) process.stdout.write(`${describe(mutant)}\n`);
  process.stdout.write(`${line(room, counted.length - left.length, counted.length)}\n`);
}
process.stdout.write(`${line('all', killedOfAll, countOfAll)}\n`);
if (killedOfAll / countOfAll < LOWEST / 100) process.exitCode = 1;

function run(room, patterns, tests, mutants, flags = []) {
  rmSync(REPORT, { force: true });
  spawnSync('npx', ['stryker', 'run', '--mutate', patterns.join(','), ...flags], {
    env: { ...process.env, CI: '', ...(tests && { MUTATION_TESTS: tests.join(',') }) },
    stdio: ['ignore', openSync(`${FOLDER}/${room}.log`, 'a'), 'inherit'],
  });
  if (!existsSync(REPORT)) {
    process.stderr.write(`Stryker made no report. What it said: ${FOLDER}/${room}.log\n`);
    process.exit(1);
  }
  const { files } = JSON.parse(readFileSync(REPORT, 'utf8'));
  for (const [file, { mutants: found, source }] of Object.entries(files)) {
    for (const mutant of found) {
      const { start, end } = mutant.location;
      const key = `${file}:${start.line}:${start.column}-${end.line}:${end.column} ${mutant.mutatorName} ${mutant.replacement}`;
      const before = mutants.get(key);
      if (before === undefined || (isUnnoticed(before.status) && mutant.status !== 'Ignored')) {
        mutants.set(key, { file, ...mutant, original: textBetween(source, start, end) });
      }
    }
  }
}
function isNoticed(status) {
  return status === 'Killed' || status === 'Timeout';
}
function isUnnoticed(status) {
  return status === 'Survived' || status === 'NoCoverage';
}
function rangeOf({ file, location: { start, end } }) {
  return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}
function textBetween(source, start, end) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  if (lines.length === 1) return lines[0].slice(start.column - 1, end.column - 1);
  return [
    lines[0].slice(start.column - 1),
    ...lines.slice(1, -1),
    lines.at(-1).slice(0, end.column - 1),
  ].join('\n');
}
function describe({ file, location, mutatorName, original, replacement, status }) {
  return `${status} ${file}:${location.start.line}:${location.start.column} ${mutatorName}: ${short(original)} → ${short(replacement)}`;
}
function short(text) {
  return text.replaceAll(/\s+/g, ' ').slice(0, 100);
}
function line(name, killed, count) {
  return `${name}: ${((100 * killed) / count).toFixed(1)} % (${killed} of ${count})`;
}
