import { CheckedUserDirectory } from '../../../src/users/checked-user-directory.js';
import type { DirectoryUser, UserDirectory } from '../../../src/users/user-directory.js';

export const callDirectly = <T>(call: () => Promise<T>) => call();

/** Finds the same user, whomever it is asked for. */
export const returning = (user: unknown, more: Partial<UserDirectory> = {}) =>
  new CheckedUserDirectory(
    {
      findByLogin: async () => user as DirectoryUser,
      findById: async () => user as DirectoryUser,
      ...more,
    },
    callDirectly,
  );

/** Each error as its method could throw it. */
export const throwing = (error: unknown): UserDirectory => {
  const fail = () => {
    throw error;
  };
  const reject = async () => fail();
  return { findByLogin: reject, findById: fail, create: reject, updatePasswordHash: reject };
};
