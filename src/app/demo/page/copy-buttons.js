import { $ } from './elements.js';

/** Each button with `data-copies` copies the text of the element with that id. */
export function prepareCopyButtons() {
  for (const button of document.querySelectorAll('[data-copies]')) {
    const source = $(button.dataset.copies);
    const show = (word) => {
      button.textContent = word;
      button.setAttribute('aria-label', `${word}: ${source.getAttribute('aria-label')}`);
    };
    show('Copy');
    button.addEventListener('click', async () => {
      const copying = navigator.clipboard.writeText(source.textContent);
      await copying.then(
        () => show('Copied'),
        () => show('Refused'),
      );
    });
  }
}
