// The response headers policies: the headers of every response to a viewer, from cdn-config.
import { Stack } from "aws-cdk-lib";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import type { Construct } from "constructs";

import { CDN, type Header } from "../cdn";

/** The lifetime of `Strict-Transport-Security`. */
const YEAR_SECONDS = 31_536_000;

/** A name for resources of CloudFront, whose names are global in an account. It is unique by region and construct. */
export function globalName(scope: Construct, id: string): string {
  return `${Stack.of(scope).region}-${scope.node.addr.slice(-12)}-${id}`;
}

/** A policy with the headers of media and additional ones. */
export function headersPolicy(
  scope: Construct,
  id: string,
  comment: string,
  additional: readonly Header[],
): cloudfront.CfnResponseHeadersPolicy {
  const { acceptCh } = CDN.headers;
  const hints: Header[] = acceptCh ? [{ name: "accept-ch", value: acceptCh, overrides: true }] : [];
  const headers = new Map([...CDN.headers.media, ...hints, ...additional].map((header) => [header.name, header]));
  const preflight = new Map(CDN.headers.preflight.map((header) => [header.name, header.value]));
  const take = (name: string): Header => {
    const header = headers.get(name);
    if (!header) throw new Error(`cdn.json has no header ${name}`);
    headers.delete(name);
    return header;
  };
  const list = (text: string | undefined): string[] => (text ?? "").split(", ");

  // CloudFront has sections of their own for security and CORS headers, and rejects them as custom headers.
  const policy = take("content-security-policy");
  const sniffing = take("x-content-type-options");
  if (sniffing.value !== "nosniff") throw new Error("CloudFront can set x-content-type-options to nosniff only");
  const origin = take("access-control-allow-origin");
  const exposed = take("access-control-expose-headers");
  return new cloudfront.CfnResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyConfig: {
      name: globalName(scope, id),
      comment,
      securityHeadersConfig: {
        contentSecurityPolicy: { contentSecurityPolicy: policy.value, override: policy.overrides },
        contentTypeOptions: { override: sniffing.overrides },
        // This header is not in cdn.json: the local edge uses plain HTTP, where browsers ignore it.
        strictTransportSecurity: { accessControlMaxAgeSec: YEAR_SECONDS, includeSubdomains: false, override: true },
      },
      corsConfig: {
        accessControlAllowCredentials: false,
        accessControlAllowOrigins: { items: [...CDN.headers.corsOrigins] },
        accessControlAllowMethods: { items: list(preflight.get("access-control-allow-methods")) },
        accessControlAllowHeaders: { items: list(preflight.get("access-control-allow-headers")) },
        accessControlExposeHeaders: { items: list(exposed.value) },
        accessControlMaxAgeSec: Number(preflight.get("access-control-max-age")),
        originOverride: origin.overrides,
      },
      customHeadersConfig: {
        items: [...headers.values()].map(({ name, value, overrides }) => ({
          header: name,
          value,
          override: overrides,
        })),
      },
    },
  });
}
