// The response headers policies: what cdn-config says that every response to a viewer carries.
import { Stack } from "aws-cdk-lib";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import type { Construct } from "constructs";

import { CDN, type Header } from "../cdn";

/** How long a browser that has seen the CDN once asks it by TLS only. */
const YEAR_SECONDS = 31_536_000;

/** A name for what CloudFront keeps one list of for all regions of an account. */
export function globalName(scope: Construct, id: string): string {
  return `${Stack.of(scope).region}-${scope.node.addr.slice(-12)}-${id}`;
}

/** A policy of media's headers and some more. */
export function headersPolicy(
  scope: Construct,
  id: string,
  comment: string,
  more: readonly Header[],
): cloudfront.CfnResponseHeadersPolicy {
  const { acceptCh } = CDN.headers;
  const hints: Header[] = acceptCh ? [{ name: "accept-ch", value: acceptCh, overrides: true }] : [];
  const headers = new Map([...CDN.headers.media, ...hints, ...more].map((header) => [header.name, header]));
  const preflight = new Map(CDN.headers.preflight.map((header) => [header.name, header.value]));
  const take = (name: string): Header => {
    const header = headers.get(name);
    if (!header) throw new Error(`cdn.json names no header ${name}`);
    headers.delete(name);
    return header;
  };
  const list = (text: string | undefined): string[] => (text ?? "").split(", ");

  // CloudFront takes security and CORS headers in their own sections and refuses them among the custom ones.
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
        // Not in cdn.json: the local edge speaks plain HTTP, where browsers ignore it.
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
