import type { Catalogue } from './catalogue.js';

const busy = {
  message: 'ただいま大変混み合っています。少し時間をおいて、もう一度お試しください。',
  withWhen: 'ただいま大変混み合っています。{when}に、もう一度お試しください。',
} as const;
const unavailable = {
  message: 'この機能は一時的にご利用いただけません。しばらくしてから、もう一度お試しください。',
  withWhen: 'この機能は一時的にご利用いただけません。{when}に、もう一度お試しください。',
} as const;
const ourFault = {
  message: '申し訳ございません。こちら側で問題が発生しました。状況は把握しており、現在確認を進めています。',
} as const;

export const ja = {
  messages: {
    invalid_request: {
      message: 'ご依頼の一部を処理できませんでした。内容をご確認のうえ、もう一度お試しください。',
    },
    content_policy: { message: 'このご依頼にはお応えできません。表現を変えて、もう一度お試しください。' },
    authentication: ourFault,
    permission: ourFault,
    not_found: ourFault,
    too_large: {
      message: '内容が長いため、一度に処理できません。短くするか、いくつかに分けてお試しください。',
    },
    billing: {
      ...ourFault,
      withDate: 'この機能は現在ご利用いただけません。{date}以降に再びご利用いただける見込みです。',
    },
    rate_limited: busy,
    server_error: unavailable,
    overloaded: busy,
    timeout: {
      message: '処理に時間がかかりすぎました。もう一度お試しいただくか、内容を短くしてお試しください。',
    },
    connection: unavailable,
    cancelled: { message: 'このご依頼は取り消されました。' },
    circuit_open: unavailable,
    internal: ourFault,
  },
  fallback: 'これは簡易版です。通常版はまもなくご利用いただけるようになります。',
  originalText: 'こちらは元の文章です。要約は現在ご利用いただけません。',
  progress: {
    running: 'ご依頼を処理しています。',
    slow: '引き続き処理しています。通常よりお時間がかかっています。',
    retrying: '少しお時間をいただいています。もう一度処理しています。',
    resumed: '一時的に中断しました。回答は中断した箇所から続きます。',
    queued: '順番をお待ちいただいています。',
    queuedAt: 'ただいま{position}番目でお待ちいただいています。',
    queuedAtUntil: 'ただいま{position}番目でお待ちいただいています。{when}に順番が来る見込みです。',
    backgrounded: 'お時間がかかっているため、引き続きこちらで処理を進めます。結果が出ましたらお知らせします。',
    done: '結果の準備ができました。',
  },
  requests: {
    taken: 'ご依頼を保存しました。できるだけ早くお答えします。',
    notFound: 'このご依頼は見つかりませんでした。保存期間が過ぎた可能性があります。',
    ended: 'このご依頼はすでに完了しています。',
  },
  when: {
    seconds: { other: '約{count}秒後' },
    minutes: { other: '約{count}分後' },
  },
} as const satisfies Catalogue;
