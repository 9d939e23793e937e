import { AuthConfigurationError } from '../errors/configuration-error.js';
import { classesOf } from './access-rule.js';
import { nameOf, type Class } from './members-of.js';
import { guardsOf, handlersOf, type Place } from './opened-overrides.js';
import { isOurGuard } from './our-guards.js';

/**
 * Nest calls the function that an instance has in place of a method, and takes the guards that stand on that one: a copy
 * bound in a constructor has none. Only for guards of this module: what the others are for is not known here.
 *
 * @throws {AuthConfigurationError} naming the method and its guards
 */
export function refuseLostGuards(controller: object, place: Place): void {
  const kept = guardsOf(controller);
  for (const { name, method, declared } of handlersOf(controller, place)) {
    const [base] = declared;
    const still = new Set([...kept, ...guardsOf(method)]);
    const lost = guardsOf(base.method).filter(
      (guard) => isOurGuard(classesOf(guard)) && !still.has(guard),
    );
    if (lost.length === 0) continue;
    throw new AuthConfigurationError(
      `An instance of ${nameOf(controller as Class)} has a function in place of ${nameOf(base.owner)}.${String(name)}, and Nest would call it without ${lost.map(nameOf).join(' and ')}: write it as a method, neither bound in the constructor nor as an arrow function, or put the guard on the class.`,
    );
  }
}
