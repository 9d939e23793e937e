/** An expectation that is met soon, or on a slow machine within a few minutes. */
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
