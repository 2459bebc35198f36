/** What calls cost, for those who count it or tell of it: prices and budgets stay where they are. */
export { knownUsdOf, unknownIn, type CostSum } from './cost/cost-sum.js';
