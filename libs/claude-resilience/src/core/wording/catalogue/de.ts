import type { Catalogue } from './catalogue.js';

const busy = {
  message: 'Im Moment erreichen uns sehr viele Anfragen. Bitte versuchen Sie es gleich noch einmal.',
  withWhen: 'Im Moment erreichen uns sehr viele Anfragen. Bitte versuchen Sie es {when} noch einmal.',
} as const;
const unavailable = {
  message: 'Diese Funktion ist vorübergehend nicht verfügbar. Bitte versuchen Sie es in Kürze noch einmal.',
  withWhen: 'Diese Funktion ist vorübergehend nicht verfügbar. Bitte versuchen Sie es {when} noch einmal.',
} as const;
const ourFault = {
  message: 'Bei uns ist etwas schiefgelaufen. Wir sind informiert und kümmern uns darum.',
} as const;

export const de = {
  messages: {
    invalid_request: {
      message:
        'Ein Teil Ihrer Anfrage konnte nicht verarbeitet werden. Bitte prüfen Sie Ihre Angaben und versuchen Sie es noch einmal.',
    },
    content_policy: {
      message:
        'Bei dieser Anfrage können wir Ihnen leider nicht helfen. Bitte formulieren Sie sie um und versuchen Sie es noch einmal.',
    },
    authentication: ourFault,
    permission: ourFault,
    not_found: ourFault,
    too_large: {
      message:
        'Der Inhalt ist zu lang, um auf einmal verarbeitet zu werden. Bitte kürzen Sie ihn oder teilen Sie ihn auf.',
    },
    billing: {
      ...ourFault,
      withDate:
        'Diese Funktion ist derzeit nicht verfügbar. Sie steht Ihnen voraussichtlich ab dem {date} wieder zur Verfügung.',
    },
    rate_limited: busy,
    server_error: unavailable,
    overloaded: busy,
    timeout: {
      message: 'Das hat zu lange gedauert. Bitte versuchen Sie es noch einmal oder mit einer kürzeren Anfrage.',
    },
    connection: unavailable,
    cancelled: { message: 'Diese Anfrage wurde abgebrochen.' },
    circuit_open: unavailable,
    internal: ourFault,
  },
  fallback: 'Dies ist eine vereinfachte Version. Die vollständige Version steht Ihnen bald wieder zur Verfügung.',
  originalText: 'Dies ist der Originaltext. Eine Zusammenfassung ist derzeit nicht verfügbar.',
  progress: {
    running: 'Ihre Anfrage wird bearbeitet.',
    slow: 'Ihre Anfrage wird noch bearbeitet. Es dauert diesmal länger als gewöhnlich.',
    retrying: 'Es dauert etwas länger. Wir versuchen es noch einmal für Sie.',
    resumed: 'Es gab eine kurze Unterbrechung. Die Antwort geht dort weiter, wo sie aufgehört hat.',
    queued: 'Ihre Anfrage wartet, bis sie an der Reihe ist.',
    queuedAt: 'Ihre Anfrage steht in der Warteschlange auf Platz {position}.',
    queuedAtUntil:
      'Ihre Anfrage steht in der Warteschlange auf Platz {position}. Sie ist voraussichtlich {when} an der Reihe.',
    backgrounded:
      'Das dauert etwas länger, deshalb arbeiten wir im Hintergrund weiter. Wir geben Ihnen Bescheid, sobald ein Ergebnis vorliegt.',
    done: 'Ihr Ergebnis ist fertig.',
  },
  requests: {
    taken: 'Ihre Anfrage ist gespeichert und wird so bald wie möglich beantwortet.',
    notFound: 'Diese Anfrage wurde nicht gefunden. Vielleicht wird sie nicht mehr aufbewahrt.',
    ended: 'Diese Anfrage ist bereits abgeschlossen.',
  },
  when: {
    seconds: { one: 'in etwa einer Sekunde', other: 'in etwa {count} Sekunden' },
    minutes: { one: 'in etwa einer Minute', other: 'in etwa {count} Minuten' },
  },
} as const satisfies Catalogue;
