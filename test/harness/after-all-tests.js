import { rmSync } from 'node:fs';

/** Jest's globalTeardown. */
export default function afterAllTests() {
  rmSync(process.env.RUN_FOLDER, { recursive: true, force: true });
}
