import { describe, expect, it } from '@jest/globals';
import { html, trusted } from './html.js';

describe('html', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['"><script>', '&quot;&gt;&lt;script&gt;'],
    ["' onclick='x", '&#39; onclick=&#39;x'],
    ['`${x}`', '&#96;${x}&#96;'],
    ['&lt;', '&amp;lt;'],
    // A name must not turn the line around that it stands in, nor hide in it.
    ['a\u202eb\u0000c\ufeffd', 'a\ufffdb\ufffdc\ufffdd'],
    ['Ünïcödé 日本語 🙂', 'Ünïcödé 日本語 🙂'],
  ])('a text is text: %j (R36)', (text, markup) => {
    expect(html`<p title="${text}">${text}</p>`.text).toBe(`<p title="${markup}">${markup}</p>`);
    expect(html`${[text, [text]]}`.text).toBe(`${markup}${markup}`);
  });

  it('markup of ours stays, nothing is nothing, zero is a number', () => {
    expect(html`${html`<b>${'&'}</b>`}|${trusted('<i>')}|${false}${undefined}|${0}`.text).toBe('<b>&amp;</b>|<i>||0');
  });
});
