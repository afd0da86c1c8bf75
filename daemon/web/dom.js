// SPDX-License-Identifier: MIT
// Elements from texts, never from markup: what comes from outside is hostile.
'use strict';

// make('p', {class: 'x', title: 'y'}, 'text', element, [elements], null)
hazewatch.make = (tag, attributes, ...children) => {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {})) {
		if (value !== null && value !== undefined && value !== false)
			element.setAttribute(name, value === true ? '' : value);
	}
	element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== ''));
	return element;
};

// What a panel says; the same once more touches nothing, and what somebody opened stays open.
hazewatch.fill = (id, ...children) => {
	const panel = document.querySelector(`#${id} > div:last-child`), fresh = hazewatch.make('div', null, ...children);
	const open = [...panel.querySelectorAll('details')].map((each) => each.open);
	fresh.querySelectorAll('details').forEach((each, i) => each.toggleAttribute('open', Boolean(open[i])));
	if (!panel.isEqualNode(fresh))
		panel.replaceWith(fresh);
};

// What cannot be shown says so, and the rest goes on.
hazewatch.guard = (show, refuse) => {
	try {
		show();
	} catch (error) {
		console.error(error);
		refuse();
	}
};

hazewatch.setText = (element, text) => {
	if (element.textContent !== text)
		element.textContent = text;
};

// Black or white, whichever is read better on it (WCAG 2 relative luminance).
hazewatch.inkOn = (rgb) => {
	const [r, g, b] = [0, 2, 4].map((at) => {
		const share = parseInt(rgb.slice(at, at + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000' : '#fff';
};

// A colour that a message names, on an element: by the style's interface, which CSP allows.
hazewatch.paint = (element, rgb) => {
	if (/^[0-9a-f]{6}$/i.test(rgb || '')) {
		element.style.backgroundColor = `#${rgb}`;
		element.style.color = hazewatch.inkOn(rgb);
	}
	return element;
};

hazewatch.table = (caption, head, rows) => hazewatch.make('table', null,
	hazewatch.make('caption', null, caption),
	hazewatch.make('thead', null, hazewatch.make('tr', null, head.map((cell) => hazewatch.make('th', {scope: 'col'}, cell)))),
	hazewatch.make('tbody', null, rows.map((row) => hazewatch.make('tr', null, row.map((cell, i) => hazewatch.make(i ? 'td' : 'th', i ? null : {scope: 'row'}, cell))))));
