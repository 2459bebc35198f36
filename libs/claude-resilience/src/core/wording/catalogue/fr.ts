import type { Catalogue } from './catalogue.js';

const busy = {
  message: 'Nous recevons de nombreuses demandes en ce moment. Veuillez réessayer dans un instant.',
  withWhen: 'Nous recevons de nombreuses demandes en ce moment. Veuillez réessayer {when}.',
} as const;
const unavailable = {
  message: 'Cette fonctionnalité est momentanément indisponible. Veuillez réessayer sous peu.',
  withWhen: 'Cette fonctionnalité est momentanément indisponible. Veuillez réessayer {when}.',
} as const;
const ourFault = {
  message: 'Un problème est survenu de notre côté. Nous en avons été informés et nous nous en occupons.',
} as const;

export const fr = {
  messages: {
    invalid_request: {
      message: 'Une partie de votre demande n’a pas pu être traitée. Veuillez vérifier votre saisie et réessayer.',
    },
    content_policy: {
      message: 'Nous ne pouvons pas répondre à cette demande. Veuillez la reformuler et réessayer.',
    },
    authentication: ourFault,
    permission: ourFault,
    not_found: ourFault,
    too_large: {
      message:
        'Ce contenu est trop long pour être traité en une seule fois. Veuillez le raccourcir ou le diviser en plusieurs parties.',
    },
    billing: {
      ...ourFault,
      withDate:
        'Cette fonctionnalité est actuellement indisponible. Elle devrait être de nouveau disponible à partir du {date}.',
    },
    rate_limited: busy,
    server_error: unavailable,
    overloaded: busy,
    timeout: {
      message: 'Le traitement a pris trop de temps. Veuillez réessayer ou formuler une demande plus courte.',
    },
    connection: unavailable,
    cancelled: { message: 'Cette demande a été annulée.' },
    circuit_open: unavailable,
    internal: ourFault,
  },
  fallback: 'Ceci est une version simplifiée. La version complète sera de nouveau disponible prochainement.',
  originalText: 'Voici le texte d’origine. Le résumé n’est pas disponible pour le moment.',
  progress: {
    running: 'Votre demande est en cours de traitement.',
    slow: 'Votre demande est toujours en cours de traitement. Cela prend plus de temps que d’habitude.',
    retrying: 'Cela prend un peu plus de temps. Nous réessayons pour vous.',
    resumed: 'Il y a eu une courte interruption. La réponse reprend là où elle s’était arrêtée.',
    queued: 'Votre demande attend son tour.',
    queuedAt: 'Votre demande est en position {position} dans la file d’attente.',
    queuedAtUntil: 'Votre demande est en position {position} dans la file d’attente. Son tour devrait venir {when}.',
    backgrounded:
      'Cela prend du temps, nous poursuivons donc en arrière-plan. Nous vous préviendrons dès qu’un résultat sera disponible.',
    done: 'Votre résultat est prêt.',
  },
  requests: {
    taken: 'Votre demande est enregistrée et recevra une réponse dès que possible.',
    notFound: 'Cette demande est introuvable. Elle n’est peut-être plus conservée.',
    ended: 'Cette demande est déjà terminée.',
  },
  when: {
    seconds: { one: 'dans environ une seconde', other: 'dans environ {count} secondes' },
    minutes: { one: 'dans environ une minute', other: 'dans environ {count} minutes' },
  },
  dayOfMonth: { one: '{day}er' },
} as const satisfies Catalogue;
