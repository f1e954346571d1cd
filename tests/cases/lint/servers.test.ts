const boot = { server: { name: `web-${n}`, flavorRef: '1', imageRef, networks: 'auto', tags: ['web'], personality: [] } };
const stop = { 'os-stop': null };
fetch(url, { method: 'POST', body: JSON.stringify({ rebuild: { imageRef: image, key_name: 'a', personality: [] } }) });
