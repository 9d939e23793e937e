import { describe, expect, it } from '@jest/globals';
import { textOf } from '../../../src/errors/text-of.js';

describe('a thrown value in the log', () => {
  it('is one line, in which everything can be seen', () => {
    expect(textOf(new Error('a\nb\u202ec'))).toBe('Error: a<U+000A>b<U+202E>c');
  });

  it.each([
    '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub',
    '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW',
    '$scrypt$ln=17,r=8,p=1$c29tZXNhbHQ$hash',
    '$pbkdf2-sha256$i=6400$c29tZXNhbHQ$hash',
  ])('has no hash of a password: %s', (hash) => {
    const text = textOf(new Error(`Invalid arguments: { passwordHash: "${hash}", id: 7 }`));
    expect(text).toBe('Error: Invalid arguments: { passwordHash: "[password hash]", id: 7 }');
  });

  it('may be something without a text', () => {
    expect(textOf(Object.create(null))).toBe('a value that has no text');
  });
});
