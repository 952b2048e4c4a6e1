// The CDN's viewer-response function: tells caches beyond this one that the format was negotiated. For the
// runtime cloudfront-js-2.0.
function handler(event) {
  const response = event.response;
  if (/\/([^/]*,)?fm=auto\.[a-z]+$/.test(event.request.uri)) response.headers.vary = { value: 'Accept' };
  return response;
}
