/**
 * Keeps the page as it is now: the server sends the sections that have changed. Who has folded something open, or stands
 * somewhere with the keyboard, finds it so afterwards.
 */
export const PAGE_SCRIPT = `
'use strict';
(() => {
  if (location.hash.startsWith('#token=')) history.replaceState(null, '', location.pathname + location.search);
  const live = document.getElementById('live');
  const say = (text) => { if (live.textContent !== text) live.textContent = text; };
  const show = (id, markup) => {
    const place = document.getElementById('s-' + id);
    if (place === null) return;
    const open = [...place.querySelectorAll('details[open]')].map((each) => each.id);
    const scrolled = [...place.querySelectorAll('[data-keep]')].map((each) => [each.dataset.keep, each.scrollLeft, each.scrollTop]);
    const focused = place.contains(document.activeElement) ? document.activeElement : null;
    const key = focused === null ? null : focused.id || focused.closest('details')?.id;
    const isSummary = focused?.localName === 'summary';
    const headline = place.querySelector('#headline');
    const parsed = new DOMParser().parseFromString(markup, 'text/html');
    // The line that is read out stays, as long as it says the same.
    const newer = parsed.getElementById('headline');
    if (headline !== null && newer !== null) {
      if (headline.textContent !== newer.textContent) headline.textContent = newer.textContent;
      const verdict = newer.closest('.verdict');
      const shown = headline.closest('.verdict');
      shown.className = verdict.className;
      for (const part of [...shown.children]) if (part !== headline) part.remove();
      let isBefore = true;
      for (const part of [...verdict.children]) {
        if (part === newer) isBefore = false;
        else if (isBefore) shown.insertBefore(part, headline);
        else shown.append(part);
      }
      return;
    }
    place.replaceChildren(...parsed.body.childNodes);
    for (const each of open) if (each !== '') document.getElementById(each)?.setAttribute('open', '');
    for (const [name, left, top] of scrolled) {
      const again = place.querySelector('[data-keep="' + CSS.escape(name) + '"]');
      if (again !== null) { again.scrollLeft = left; again.scrollTop = top; }
    }
    if (key) {
      const again = document.getElementById(key);
      (isSummary ? again?.querySelector('summary') : again)?.focus({ preventScroll: true });
    }
  };
  const source = new EventSource(location.pathname.replace(/\\/+$/, '') + '/events');
  source.addEventListener('open', () => say('Live.'));
  source.addEventListener('page', ({ data }) => {
    const { title, asOf, sections } = JSON.parse(data);
    document.title = title;
    document.getElementById('as-of').textContent = asOf;
    for (const [id, markup] of Object.entries(sections)) show(id, markup);
    say('Live.');
  });
  source.addEventListener('error', () =>
    say(source.readyState === EventSource.CLOSED ? 'Not live any more: load the page again.' : 'The connection was lost. Trying again ...'));
})();
`;
