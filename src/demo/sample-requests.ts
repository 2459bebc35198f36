import { post, type AppRequest } from './app-client.js';
import { readDocument, type DocumentName } from './documents.js';

/** Requests as users of a product would send them. */
export function aSummaryOf(document: DocumentName): AppRequest {
  return post('/summaries', { document: readDocument(document) });
}

export const LABELS = ['billing', 'delivery', 'praise'] as const;

export const A_CLASSIFICATION = post('/classifications', {
  text: 'My parcel was promised for Monday. The delivery is late again, and nobody answers the phone.',
  labels: LABELS,
});

export const A_DRAFT = post('/drafts', {
  template: 'Dear {{name}}, thank you for your order. Your {{item}} will arrive on {{day}}.',
  variables: { name: 'Ada', item: 'teapot', day: 'Thursday' },
});

/** What a template without Claude makes of the draft above. */
export const FILLED_TEMPLATE = 'Dear Ada, thank you for your order. Your teapot will arrive on Thursday.';

export const A_QUESTION = post('/chat', {
  messages: [{ role: 'user', content: 'What should I know about lighthouses?' }],
});
