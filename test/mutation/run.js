import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';

/**
 * npm run mutation -- [rooms…]
 *
 * Changes the source of one room after the other (src/sessions is one) and runs the tests of the room, which takes a
 * second; what they don't notice is tried again with all the fast tests. But what only changes a constant of a file
 * would need every one of them, and must be noticed by the room's.
 */
const REPORT = 'coverage/mutation.json';
/** What Stryker says of its last run. */
const LOG = 'coverage/mutation.log';
/** Score in percent under which the run fails. */
const LOWEST = 95;

/** Whose tests a room needs beside its own, because they reach what is inside it. */
const MORE_TESTS = {
  '.': ['accounts', 'events', 'input'],
  access: ['http', '.'],
  http: ['options'],
  limits: ['accounts'],
  options: ['http'],
  sessions: ['accounts'],
  users: ['accounts'],
};

const { mutate } = JSON.parse(readFileSync('stryker.config.json', 'utf8'));
/** The folder in src/, or `.` for what stands beside the folders. */
const roomOf = (pattern) => /^src\/([^/]+)\//.exec(pattern)?.[1] ?? '.';
const all = [...new Set(mutate.map(roomOf))];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((room) => !all.includes(room));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no room ${unknown.join(', ')} here. There are: ${all.join(', ')}.\n`,
  );
  process.exit(1);
}
const rooms = wanted.length === 0 ? all : wanted;
let killedOfAll = 0;
let countOfAll = 0;
for (const room of rooms) {
  const patterns = mutate.filter((pattern) => roomOf(pattern) === room);
  const mutants = new Map();
  run(patterns, [room, ...(MORE_TESTS[room] ?? [])], mutants);
  const unnoticed = [...mutants.values()].filter(({ status }) => isUnnoticed(status));
  if (unnoticed.length > 0) {
    run(unnoticed.map(rangeOf), undefined, mutants, ['--ignoreStatic']);
  }
  const counted = [...mutants.values()].filter(
    ({ status }) => isUnnoticed(status) || isNoticed(status),
  );
  const left = counted.filter(({ status }) => isUnnoticed(status));
  killedOfAll += counted.length - left.length;
  countOfAll += counted.length;
  for (const mutant of left) process.stdout.write(`${describe(mutant)}\n`);
  process.stdout.write(`${line(room, counted.length - left.length, counted.length)}\n`);
}
process.stdout.write(`${line('all', killedOfAll, countOfAll)}\n`);
if (killedOfAll / countOfAll < LOWEST / 100) process.exitCode = 1;

function run(patterns, tests, mutants, flags = []) {
  mkdirSync('coverage', { recursive: true });
  rmSync(REPORT, { force: true });
  spawnSync('npx', ['stryker', 'run', '--mutate', patterns.join(','), ...flags], {
    env: { ...process.env, CI: '', ...(tests && { MUTATION_TESTS: tests.join(',') }) },
    stdio: ['ignore', openSync(LOG, 'w'), 'inherit'],
  });
  if (!existsSync(REPORT)) {
    process.stderr.write(`Stryker made no report. What it said: ${LOG}\n`);
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
