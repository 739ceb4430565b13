// Tells when the page has been painted: the frame after the first one.
requestAnimationFrame(() => requestAnimationFrame(() => (document.title = 'Painted')))
