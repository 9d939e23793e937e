import { $ } from './elements.js';

/** Each button with `data-copies` copies the text of the element with that id. */
export function prepareCopyButtons() {
  for (const button of document.querySelectorAll('[data-copies]')) {
    const source = $(button.dataset.copies);
    button.setAttribute('aria-label', `Copy: ${source.getAttribute('aria-label')}`);
    button.addEventListener('click', async () => {
      button.textContent = await navigator.clipboard.writeText(source.textContent).then(
        () => 'Copied',
        () => 'Refused',
      );
    });
  }
}
