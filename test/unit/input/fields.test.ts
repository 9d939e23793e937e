import { describe, expect, it } from '@jest/globals';
import { fieldsOf, textsOf } from '../../../src/input/fields.js';

const throws = (): never => {
  throw new TypeError('mine');
};

const withName = (value: object) => Object.assign(value, { name: 'ada', length: 2 });

describe('the fields of', () => {
  it.each([
    ['an object', withName({}), { name: 'ada', length: 2 }],
    ['a list', ['x'], { name: undefined, length: 1 }],
    ['an empty object', {}, { name: undefined, length: undefined }],
    ['a text', 'ab', {}],
    ['a number', 7, {}],
    ['a function', throws, {}],
    ['null', null, {}],
    ['nothing', undefined, {}],
  ])('%s', (_what, value, expected) => {
    expect(fieldsOf(value, 'name', 'length')).toStrictEqual(expected);
  });

  it('an object, of which one throws, are refused by its name', () => {
    const value = Object.defineProperty(withName({}), 'age', { get: throws });
    expect(() => fieldsOf(value, 'name', 'age')).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: 'age: can not be read' }),
    );
  });
});

describe('the texts of', () => {
  it.each([
    ['a list', ['a', '', 'b'], ['a', '', 'b']],
    ['a list with other values', ['a', 1, null, ['c'], { d: 'd' }, 'b'], ['a', 'b']],
    ['a list with gaps', [, 'a', , 'b'], ['a', 'b']], // oxlint-disable-line no-sparse-arrays
    ['what only looks like a list', { 0: 'a', length: 1 }, []],
    ['a text', 'ab', []],
    ['null', null, []],
    ['a long list, as far as it is read', Array(1001).fill('a'), Array(1000).fill('a')],
  ])('%s', (_what, value, expected) => {
    expect(textsOf(value, 'words')).toStrictEqual(expected);
  });

  it('a list that throws are refused by its name', () => {
    const list = Object.defineProperty([], 0, { get: throws });
    expect(() => textsOf(list, 'words')).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: 'words: can not be read' }),
    );
  });
});
