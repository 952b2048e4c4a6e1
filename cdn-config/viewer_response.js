// The CDN's viewer-response function for the runtime cloudfront-js-2.0. It adds `Vary` if the format was negotiated,
// removes the headers that were stored with an original, and adds `Content-Disposition` for downloads.
function handler(event) {
  const request = event.request;
  const response = event.response;
  if (/\/([^/]*,)?fm=auto\.[a-z]+$/.test(request.uri)) response.headers.vary = { value: 'Accept' };
  // Whoever stored an original chose these headers. Those of variants are the resize service's.
  const isVariant = /\/([^/]*,)?fm=[a-z.]+$/.test(request.uri);
  if (!isVariant) ['encoding', 'disposition', 'language'].forEach(name => delete response.headers['content-' + name]);
  // Set by the viewer-request function.
  const requested = request.headers['x-tintype-disposition'];
  const original = response.headers['content-disposition'];
  if (requested && response.statusCode < 300) {
    const isNamed = requested.value !== 'attachment' || !original;
    const value = isNamed ? requested.value : original.value.replace(/^inline/, 'attachment');
    response.headers['content-disposition'] = { value: value };
  }
  return response;
}
