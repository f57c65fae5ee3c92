/** The screens of khata and vouchers, in a part of the page that is fetched after the shelf stands: selling for cash does not wait for them. */
export { IssueScreen } from './issue-screen.tsx';
export { KhataCard, KhataStatement } from './khata-card.tsx';
export { LimitScreen } from './limit-screen.tsx';
export { RepaymentScreen } from './repayment-screen.tsx';
export { TenderKhata } from './tender-khata.tsx';
export { TenderVoucher } from './tender-voucher.tsx';
