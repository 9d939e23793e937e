import { writeFile } from 'node:fs/promises';
import type { Result } from './results.js';

const COLUMNS = [38, 8, 14, 12, 12, 13] as const;

export function heading(): string {
  return row(['', 'ratio', '(of a round)', 'ours', 'other', 'unit']);
}

/** One line of the table. */
export function formatRow({ name, ratio, spread, ours, other, unit }: Result): string {
  return row([
    name,
    ratio === null ? '' : ratio.toFixed(2),
    spread === null ? '' : `${spread[0].toFixed(2)}–${spread[1].toFixed(2)}`,
    figure(ours),
    other === null ? '' : figure(other),
    unit,
  ]);
}

function row(cells: readonly string[]): string {
  const padded = cells.map((cell, i) =>
    i === 0 || i === cells.length - 1 ? cell.padEnd(COLUMNS[i]!) : cell.padStart(COLUMNS[i]!),
  );
  return `${padded.join('  ').trimEnd()}\n`;
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

const BAR = 22;
const LABELS = 290;
const WIDTH = 800;

/** Draws a bar for each ratio of speeds, and a line at 1, which is the other side. */
export async function drawChart(results: readonly Result[], file: string): Promise<void> {
  const speeds = results.filter(({ ratio, unit }) => ratio !== null && unit.endsWith('/s'));
  // Ratios above 4 would make all other bars tiny, so these bars are cut; their figures are not.
  const most = 4;
  const scale = (WIDTH - LABELS - 70) / most;
  const bars = speeds.map(({ name, ratio }, i) => {
    const length = Math.min(ratio!, most) * scale;
    const y = 34 + i * (BAR + 8);
    return [
      `<text x="${LABELS - 10}" y="${y + 15}" text-anchor="end">${name}</text>`,
      `<rect x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="3" class="bar"/>`,
      `<text x="${(LABELS + length + 8).toFixed(1)}" y="${y + 15}">${ratio!.toFixed(2)}${ratio! > most ? ' →' : ''}</text>`,
    ].join('');
  });
  const height = 50 + speeds.length * (BAR + 8);
  const one = LABELS + scale;
  await writeFile(
    file,
    [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13">`,
      '<title>Speed as a ratio: ours ÷ what it is compared with</title>',
      '<style>text{fill:#333}.bar{fill:#4569b0}.one{stroke:#c0392b;stroke-dasharray:4 3}@media(prefers-color-scheme:dark){text{fill:#ddd}.bar{fill:#7d9fe0}}</style>',
      `<text x="${one}" y="20" text-anchor="middle">1 = the other side</text>`,
      ...bars,
      `<line x1="${one}" y1="26" x2="${one}" y2="${height - 12}" class="one"/>`,
      '</svg>',
      '',
    ].join('\n'),
  );
}
