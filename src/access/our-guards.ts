const ours = new Set<object>();

/** Marks a guard of this module, whose loss stops the boot. */
export const OurGuard = (): ClassDecorator => (guard) => void ours.add(guard);

/** @param classes a guard's class, and those that it extends */
export function isOurGuard(classes: readonly object[]): boolean {
  return classes.some((each) => ours.has(each));
}
