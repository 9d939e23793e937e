/** Repeats an expectation until it is met, for some minutes at most, because a machine may be slow. */
export async function eventually(expectation: () => Promise<void>): Promise<void> {
  for (let tries = 4000; ; tries -= 1) {
    try {
      return await expectation();
    } catch (error) {
      if (tries === 0) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, 30);
      });
    }
  }
}
