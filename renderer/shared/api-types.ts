/** The bodies of the gateway's HTTP face as the pages know them: types only, so no schema library reaches the browser. */
export type {
  AccountBody,
  AccountListBody,
  ApprovedBody,
  CatalogueBody,
  CatalogueEditBody,
  CatalogueItemBody,
  DeclinedBody,
  EnrolmentBody,
  GatewayEvent,
  HistoryBody,
  HistoryItemBody,
  LeaseBody,
  PaymentAnswerBody,
  SealState,
  SessionBody,
  StatusBody,
} from '../../main/api/schemas.ts';
