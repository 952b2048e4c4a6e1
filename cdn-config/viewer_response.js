// The CDN's viewer-response function: tells caches beyond this one that the format was negotiated, and names what is
// saved instead of shown. For the runtime cloudfront-js-2.0.
function handler(event) {
  const request = event.request;
  const response = event.response;
  if (/\/([^/]*,)?fm=auto\.[a-z]+$/.test(request.uri)) response.headers.vary = { value: 'Accept' };
  // Of the function of the request.
  const asked = request.headers['x-tintype-disposition'];
  const own = response.headers['content-disposition'];
  if (asked && response.statusCode < 300) {
    const isNamed = asked.value !== 'attachment' || !own;
    const value = isNamed ? asked.value : own.value.replace(/^inline/, 'attachment');
    response.headers['content-disposition'] = { value: value };
  }
  return response;
}
