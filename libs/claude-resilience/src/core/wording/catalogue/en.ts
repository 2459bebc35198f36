import type { Catalogue } from './catalogue.js';

const busy = {
  message: 'We are handling many requests right now. Please try again in a moment.',
  withWhen: 'We are handling many requests right now. Please try again {when}.',
} as const;
const unavailable = {
  message: 'This feature is temporarily unavailable. Please try again shortly.',
  withWhen: 'This feature is temporarily unavailable. Please try again {when}.',
} as const;
const ourFault = {
  message: 'Something went wrong on our side. We have been told and are looking into it.',
} as const;

export const en = {
  messages: {
    invalid_request: {
      message: 'Something in this request could not be processed. Please check it and try again.',
    },
    content_policy: { message: 'We cannot help with this request. Please rephrase it and try again.' },
    authentication: ourFault,
    permission: ourFault,
    not_found: ourFault,
    too_large: {
      message: 'This is too long to process at once. Please shorten it or split it into parts.',
    },
    billing: {
      ...ourFault,
      withDate: 'This feature is currently unavailable. It is expected to be available again from {date}.',
    },
    rate_limited: busy,
    server_error: unavailable,
    overloaded: busy,
    timeout: { message: 'This took too long. Please try again, or try a shorter request.' },
    connection: unavailable,
    cancelled: { message: 'This request was cancelled.' },
    circuit_open: unavailable,
    internal: ourFault,
  },
  fallback: 'This is a simplified version. The full version will be available again soon.',
  originalText: 'This is the original text. A summary is not available right now.',
  progress: {
    running: 'Your request is being processed.',
    slow: 'Still processing... this is taking longer than usual.',
    retrying: 'This is taking a little longer. We are trying again for you.',
    resumed: 'There was a short interruption. The answer goes on from where it stopped.',
    queued: 'Your request is waiting for its turn.',
    queuedAt: 'Your request is number {position} in the queue.',
    queuedAtUntil: 'Your request is number {position} in the queue. Its turn should come {when}.',
    backgrounded:
      'This is taking a while, so we are carrying on in the background. We will let you know when there is a result.',
    done: 'Your result is ready.',
  },
  requests: {
    taken: 'Your request has been saved and will be answered as soon as possible.',
    notFound: 'We could not find this request. It may no longer be kept.',
    ended: 'This request is already finished.',
  },
  when: {
    seconds: { one: 'in about a second', other: 'in about {count} seconds' },
    minutes: { one: 'in about a minute', other: 'in about {count} minutes' },
  },
} as const satisfies Catalogue;
