import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where the tour is written: plain text, in colour only where that is welcome. */
export class Paper {
  constructor(
    private readonly write: (text: string) => void,
    private readonly isColoured: boolean,
  ) {}

  line(text = '', style?: Style): void {
    // Colours are our decision here, not that of whatever stdout happens to be.
    const isStyled = this.isColoured && style !== undefined;
    this.write(`${isStyled ? styleText(style, text, { validateStream: false }) : text}\n`);
  }
}
