import { describe, expect, it } from '@jest/globals';
import { chosenLabel } from './chosen-label.js';

describe('chosenLabel', () => {
  it.each([
    ['complaint', 'complaint'],
    ['Complaint', 'complaint'],
    [' "complaint". ', 'complaint'],
    ['**complaint**', 'complaint'],
    ['Praise', 'Praise'],
    ['praise', 'Praise'],
    ['none', undefined],
    ['', undefined],
    ['complaint, Praise', undefined],
    ['The label is complaint', undefined],
  ])('reads %j as %j', (answer, label) => {
    expect(chosenLabel(answer, ['complaint', 'Praise'])).toBe(label);
  });

  it('keeps labels apart that differ only in capitals', () => {
    expect(chosenLabel('US', ['us', 'US'])).toBe('US');
  });
});
